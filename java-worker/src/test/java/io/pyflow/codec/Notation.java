package io.pyflow.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the compact notation of the vectors (protocol/vectors/README.md). */
public final class Notation {
  private Notation() {}

  public static boolean isText(JsonNode node) {
    return node.isTextual()
        || node.has("concat")
        || node.has("utf16_hex")
        || (node.has("repeat") && !node.get("repeat").get(0).isArray());
  }

  public static String text(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    } else if (node.has("repeat")) {
      return text(node.get("repeat").get(0)).repeat(node.get("repeat").get(1).intValue());
    } else if (node.has("concat")) {
      StringBuilder text = new StringBuilder();
      node.get("concat").forEach(part -> text.append(text(part)));
      return text.toString();
    } else if (node.has("utf16_hex")) {
      StringBuilder text = new StringBuilder();
      String hex = node.get("utf16_hex").textValue();
      for (int i = 0; i < hex.length(); i += 4) {
        text.append((char) Integer.parseInt(hex.substring(i, i + 4), 16));
      }
      return text.toString();
    }
    throw new IllegalArgumentException("no text: " + node);
  }

  public static byte[] bytes(JsonNode hex) {
    return HexFormat.of().parseHex(text(hex));
  }

  public static Object value(JsonNode node) {
    if (node.isNull()) {
      return null;
    } else if (node.isBoolean()) {
      return node.booleanValue();
    } else if (isText(node)) {
      return text(node);
    } else if (node.isArray()) {
      List<Object> array = new ArrayList<>();
      node.forEach(element -> array.add(value(element)));
      return array;
    } else if (node.has("int")) {
      BigInteger integer = new BigInteger(text(node.get("int")));
      return integer.bitLength() < 64 ? (Object) integer.longValue() : integer;
    } else if (node.has("float")) {
      return Double.valueOf(node.get("float").textValue());
    } else if (node.has("bytes")) {
      return Bytes.of(bytes(node.get("bytes")));
    } else if (node.has("ts")) {
      return Instant.parse(node.get("ts").textValue());
    } else if (node.has("dec")) {
      return new BigDecimal(text(node.get("dec")));
    } else if (node.has("repeat")) {
      List<Object> array = new ArrayList<>();
      Object inner = value(node.get("repeat").get(0));
      Collections.nCopies(node.get("repeat").get(1).intValue(), (List<?>) inner)
          .forEach(array::addAll);
      return array;
    } else if (node.has("nest")) {
      Object value = value(node.get("nest").get(0));
      for (int i = node.get("nest").get(1).intValue(); i > 0; i--) {
        value = new ArrayList<>(Collections.singletonList(value));
      }
      return value;
    } else if (node.has("map")) {
      Map<Object, Object> map = new LinkedHashMap<>();
      node.get("map").forEach(entry -> map.put(value(entry.get(0)), value(entry.get(1))));
      return map;
    }
    throw new IllegalArgumentException("no value: " + node);
  }

  public static Failure failure(JsonNode node) {
    if (node.has("chain")) {
      Failure link = failure(node.get("chain").get(0));
      Failure chain = null;
      for (int i = node.get("chain").get(1).intValue(); i > 0; i--) {
        chain = withCause(link, Optional.ofNullable(chain));
      }
      return chain;
    }
    return new Failure(
        text(node.get("type")),
        node.has("message") ? text(node.get("message")) : "",
        optionalText(node, "language"),
        optionalText(node, "class"),
        node.has("stack") ? stack(node.get("stack")) : List.of(),
        node.has("non_retryable") && node.get("non_retryable").booleanValue(),
        node.has("retry_after") ? Optional.of(seconds(node.get("retry_after"))) : Optional.empty(),
        node.has("details") ? Optional.ofNullable(value(node.get("details"))) : Optional.empty(),
        node.has("cause") ? Optional.of(failure(node.get("cause"))) : Optional.empty());
  }

  public static List<String> stack(JsonNode node) {
    List<String> lines = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(line -> lines.add(text(line)));
    } else if (node.has("repeat")) {
      List<String> inner = stack(node.get("repeat").get(0));
      Collections.nCopies(node.get("repeat").get(1).intValue(), inner).forEach(lines::addAll);
    } else {
      node.get("concat").forEach(part -> lines.addAll(stack(part)));
    }
    return lines;
  }

  public static OptionalInt number(JsonNode vector, String key) {
    return vector.has(key) ? OptionalInt.of(vector.get(key).intValue()) : OptionalInt.empty();
  }

  private static Duration seconds(JsonNode number) {
    return Duration.ofNanos(number.decimalValue().movePointRight(9).longValueExact());
  }

  private static Optional<String> optionalText(JsonNode node, String key) {
    return node.has(key) ? Optional.of(text(node.get(key))) : Optional.empty();
  }

  private static Failure withCause(Failure failure, Optional<Failure> cause) {
    return new Failure(
        failure.type(),
        failure.message(),
        failure.language(),
        failure.className(),
        failure.stack(),
        failure.nonRetryable(),
        failure.retryAfter(),
        failure.details(),
        cause);
  }
}
