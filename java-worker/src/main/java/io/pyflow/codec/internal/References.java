package io.pyflow.codec.internal;

import io.pyflow.codec.Reference;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Claim checks (payload.md, "Claim checks"); no I/O here. */
final class References {
  private static final Pattern STORE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Pattern KEY = Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9/_.=-]{1,512}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /** 2^53 - 1: the integers that every reader of JSON has. */
  private static final long LARGEST = 9_007_199_254_740_991L;

  private References() {}

  static Reference read(@Nullable Object ref) {
    if (!(ref instanceof Map<?, ?> map)) {
      throw Refusal.REF_KIND.with(Shown.value(ref));
    }
    String store = text(map.get("store"), STORE, Refusal.REF_STORE);
    String key = text(map.get("key"), KEY, Refusal.REF_KEY);
    Object size = map.get("size");
    if (!(size instanceof Long bytes) || bytes < 0 || bytes > LARGEST) {
      throw Refusal.REF_SIZE.with(Shown.value(size));
    }
    return new Reference(store, key, bytes, text(map.get("sha256"), SHA_256, Refusal.REF_SHA256));
  }

  private static String text(@Nullable Object part, Pattern form, Refusal refusal) {
    if (part instanceof String text && form.matcher(text).matches()) {
      return text;
    }
    throw refusal.with(Shown.value(part));
  }

  static Reference of(String store, byte[] bytes) {
    String sha256 = sha256(bytes);
    return new Reference(
        store, "sha256/" + sha256.substring(0, 2) + "/" + sha256, bytes.length, sha256);
  }

  static Map<String, Object> write(Reference reference) {
    Map<String, Object> ref = new LinkedHashMap<>();
    ref.put("store", reference.store());
    ref.put("key", reference.key());
    ref.put("size", reference.size());
    ref.put("sha256", reference.sha256());
    return ref;
  }

  static void verify(Reference reference, byte[] stored) {
    String store = Shown.quoted(reference.store());
    if (stored.length != reference.size()) {
      throw Refusal.OBJECT_SIZE.with(reference.key(), store, stored.length, reference.size());
    }
    if (!sha256(stored).equals(reference.sha256())) {
      throw Refusal.OBJECT_HASH.with(reference.key(), store);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
