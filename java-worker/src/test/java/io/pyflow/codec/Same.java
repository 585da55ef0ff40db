package io.pyflow.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the vectors mean by "the same": values, and JSON texts. */
public final class Same {
  public static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(10_000)
                          .maxNumberLength(100_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);

  private Same() {}

  public static boolean value(Object a, Object b) {
    if (a instanceof BigDecimal x && b instanceof BigDecimal y) {
      return x.compareTo(y) == 0;
    } else if (a instanceof List<?> x && b instanceof List<?> y) {
      boolean same = x.size() == y.size();
      for (int i = 0; same && i < x.size(); i++) {
        same = value(x.get(i), y.get(i));
      }
      return same;
    } else if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.size() == y.size()
          && x.entrySet().stream()
              .allMatch(e -> y.containsKey(e.getKey()) && value(e.getValue(), y.get(e.getKey())));
    }
    return Objects.equals(a, b); // of two Doubles: bit by bit, but every NaN alike
  }

  public static boolean json(String a, String b) throws JsonProcessingException {
    return json(JSON.readTree(a), JSON.readTree(b));
  }

  public static boolean json(JsonNode a, JsonNode b) {
    if (isDecimal(a) && isDecimal(b)) {
      return new BigDecimal(a.get("$dec").textValue())
              .compareTo(new BigDecimal(b.get("$dec").textValue()))
          == 0;
    } else if (a.isObject() && b.isObject()) {
      return a.size() == b.size()
          && a.properties().stream()
              .allMatch(e -> b.has(e.getKey()) && json(e.getValue(), b.get(e.getKey())));
    } else if (a.isArray() && b.isArray()) {
      boolean same = a.size() == b.size();
      for (int i = 0; same && i < a.size(); i++) {
        same = json(a.get(i), b.get(i));
      }
      return same;
    } else if (a.isNumber() && b.isNumber()) {
      return number(a).equals(number(b));
    }
    return a.equals(b);
  }

  private static Object number(JsonNode node) {
    return node.isIntegralNumber() ? (Object) new BigInteger(node.asText()) : node.doubleValue();
  }

  private static boolean isDecimal(JsonNode node) {
    return node.isObject() && node.size() == 1 && node.path("$dec").isTextual();
  }
}
