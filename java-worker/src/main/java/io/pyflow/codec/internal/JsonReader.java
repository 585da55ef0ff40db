package io.pyflow.codec.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.pyflow.codec.PayloadDecodeException;
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
  /** Deeper than any value of 64 levels with all its tags, and far from a stack overflow. */
  private static final int RAW_DEPTH = 256;

  private static final int LONGEST_LONG = 18;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(RAW_DEPTH)
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

  /** Reads a whole text. */
  static @Nullable Object parse(String text) {
    if (Unicode.firstLoneSurrogate(text) >= 0) { // Jackson would pair it with one that is escaped
      throw new PayloadDecodeException("payload has half a surrogate pair, which no text can hold");
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new PayloadDecodeException("payload is not JSON: there is nothing but white space");
      }
      Object tree = new JsonReader(parser).value();
      if (parser.nextToken() != null) {
        throw new PayloadDecodeException(
            "payload is not JSON: more follows after the value" + at(parser));
      }
      return tree;
    } catch (JacksonException e) {
      throw new PayloadDecodeException(
          "payload is not JSON: " + firstLine(e.getOriginalMessage()) + at(e), e);
    } catch (IOException e) {
      throw new PayloadDecodeException("payload is not JSON: " + e.getMessage(), e);
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
      default ->
          throw new PayloadDecodeException(
              "payload is not JSON: unexpected " + parser.currentToken() + at(parser));
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
        throw new PayloadDecodeException(
            "key '" + Unicode.cut(key, 60) + "' occurs twice in an object" + at(parser));
      }
      parser.nextToken();
      object.put(key, value());
    }
    return object;
  }

  private String wellFormed(String text) {
    if (Unicode.firstLoneSurrogate(text) >= 0) {
      throw new PayloadDecodeException("a text has half a surrogate pair" + at(parser));
    }
    return text;
  }

  private Object integer(String digits) {
    if (digits.length() <= LONGEST_LONG) {
      return Long.parseLong(digits);
    }
    Integers.checkDigits(digits);
    return Integers.normal(new BigInteger(digits));
  }

  private Double floating(String digits) {
    double value = Double.parseDouble(digits);
    if (Double.isInfinite(value)) {
      throw new PayloadDecodeException(
          "number " + Unicode.cut(digits, 40) + " is too large for a float" + at(parser));
    }
    return value;
  }

  private static String at(JsonParser parser) {
    return " at character " + parser.currentLocation().getCharOffset();
  }

  private static String at(JacksonException e) {
    return e.getLocation() == null ? "" : " at character " + e.getLocation().getCharOffset();
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
