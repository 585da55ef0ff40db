package io.pyflow.codec.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strict JSON (value-model.md, "Strict JSON") as a tree of null, Boolean, Long, BigInteger, Double,
 * String, List and Map. Tags are not read here.
 */
final class JsonReader {
  private static final int LONGEST_LONG = 18;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonFault.BRACKETS)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          // Keys come from outside: nothing of them is to stay in tables of the process.
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .build();

  private final JsonParser parser;

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads a whole text. What is wrong with it, and where, is found by {@link JsonFault}. */
  static @Nullable Object parse(String text) {
    if (Unicode.firstLoneSurrogate(text) >= 0) { // Jackson would pair it with one that is escaped
      throw JsonFault.of(text);
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new Strange();
      }
      Object tree = new JsonReader(parser).value();
      if (parser.nextToken() != null) {
        throw new Strange();
      }
      return tree;
    } catch (IOException | Strange e) {
      throw JsonFault.of(text);
    }
  }

  /** Something is wrong. */
  private static final class Strange extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Strange() {
      super(null, null, false, false);
    }
  }

  private @Nullable Object value() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> wellFormed(parser.getText());
      case VALUE_NUMBER_INT -> integer(parser.getText());
      case VALUE_NUMBER_FLOAT -> floating(parser.getText());
      case START_ARRAY -> array();
      case START_OBJECT -> object();
      default -> throw new Strange();
    };
  }

  private List<@Nullable Object> array() throws IOException {
    List<@Nullable Object> array = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value());
    }
    return array;
  }

  private Map<String, @Nullable Object> object() throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = wellFormed(parser.currentName());
      if (object.containsKey(key)) {
        throw new Strange();
      }
      parser.nextToken();
      object.put(key, value());
    }
    return object;
  }

  private String wellFormed(String text) {
    if (Unicode.firstLoneSurrogate(text) >= 0) {
      throw new Strange();
    }
    return text;
  }

  private Object integer(String digits) {
    if (digits.length() <= LONGEST_LONG) {
      return Long.parseLong(digits);
    }
    if (Integers.tooLong(digits)) {
      throw new Strange();
    }
    return Integers.normal(new BigInteger(digits));
  }

  private Double floating(String digits) {
    double value = Double.parseDouble(digits);
    if (Double.isInfinite(value)) {
      throw new Strange();
    }
    return value;
  }
}
