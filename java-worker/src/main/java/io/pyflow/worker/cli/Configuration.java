package io.pyflow.worker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pyflow.codec.KeyRing;
import io.pyflow.store.FileStore;
import io.pyflow.store.PayloadStore;
import io.pyflow.store.S3Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys and stores as command lines and environments name them; the same in Python, Ruby and Java
 * (worker.md). What can't be used is one sentence, and no sentence shows a key.
 */
final class Configuration {
  private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9_.-]{1,64})=(.+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private Configuration() {}

  /**
   * The ring in a file of JSON: {@code {"encrypt_with": "2026-11", "keys": {"2026-11": "base64 of
   * 32 bytes"}}}.
   */
  static KeyRing keyRing(Path file) {
    JsonNode tree = parse(file);
    if (!tree.path("keys").isObject()) {
      throw refusal(file, "has no object of keys");
    }
    JsonNode encryptWith = tree.path("encrypt_with");
    if (!encryptWith.isMissingNode() && !encryptWith.isNull() && !encryptWith.isTextual()) {
      throw refusal(file, "has an encrypt_with that is no text");
    }
    try {
      Map<String, byte[]> keys = new LinkedHashMap<>();
      tree.path("keys").properties().forEach(key -> keys.put(key.getKey(), key(key)));
      return encryptWith.isTextual()
          ? KeyRing.of(keys, encryptWith.textValue())
          : KeyRing.forReading(keys);
    } catch (IllegalArgumentException e) {
      throw refusal(file, "can't be used: " + e.getMessage());
    }
  }

  private static JsonNode parse(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw refusal(file, "is no JSON");
    } catch (NoSuchFileException e) {
      throw refusal(file, "can't be read: No such file or directory");
    } catch (IOException e) {
      throw refusal(file, "can't be read: " + e.getMessage());
    }
  }

  private static byte[] key(Map.Entry<String, JsonNode> key) {
    try {
      return Base64.getDecoder()
          .decode(key.getValue().isTextual() ? key.getValue().textValue() : "!");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the key '%s' is no base64".formatted(key.getKey()), e);
    }
  }

  /**
   * A store by its name, from {@code [NAME=]FOLDER} or {@code [NAME=]s3://BUCKET/PREFIX}; the name
   * is {@code default} without one.
   */
  static Map.Entry<String, PayloadStore> store(String text) {
    Matcher named = NAMED.matcher(text);
    boolean isNamed = named.matches();
    String name = isNamed ? named.group(1) : "default";
    String where = isNamed ? named.group(2) : text;
    if (where.startsWith("s3://")) {
      return Map.entry(name, s3Store(text, where.substring("s3://".length())));
    }
    if (where.contains("://")) {
      throw new IllegalArgumentException(
          "the store %s is no folder and no s3://BUCKET/PREFIX".formatted(text));
    }
    return Map.entry(name, new FileStore(Path.of(where)));
  }

  private static PayloadStore s3Store(String text, String where) {
    int slash = where.indexOf('/');
    String bucket = slash < 0 ? where : where.substring(0, slash);
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException(
          "the store %s names no bucket: it looks like s3://BUCKET/PREFIX".formatted(text));
    }
    try {
      return new S3Store(bucket, slash < 0 ? "" : where.substring(slash + 1));
    } catch (NoClassDefFoundError e) {
      throw new IllegalArgumentException(
          "the store %s needs the AWS SDK's module s3, which is not on the class path: add software.amazon.awssdk:s3"
              .formatted(text),
          e);
    }
  }

  private static IllegalArgumentException refusal(Path file, String why) {
    return new IllegalArgumentException("the key file %s %s".formatted(file, why));
  }
}
