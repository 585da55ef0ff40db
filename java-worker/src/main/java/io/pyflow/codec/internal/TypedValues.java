package io.pyflow.codec.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DatabindException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.pyflow.codec.ArgumentException;
import io.pyflow.codec.Bytes;
import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records and other classes, by Jackson: they pass through a buffer of tokens that can hold more
 * than JSON, so bytes, instants and decimals inside them stay what they are.
 */
public final class TypedValues {
  /** What Jackson tells whoever configures it, which is not the reader of a failure. */
  private static final Pattern ADVICE =
      Pattern.compile(" \\((?:but might|but could|although|set ).*\\)$");

  private final @Nullable ObjectMapper configured;
  private volatile @Nullable ObjectMapper
      mapper; // made when first needed: it takes a tenth of a second

  /** With a mapper of the user's, or else one that is strict about types. */
  public TypedValues(@Nullable ObjectMapper configured) {
    this.configured = configured;
  }

  private ObjectMapper mapper() {
    ObjectMapper made = mapper;
    if (made == null) {
      made = (configured == null ? strict() : configured.copy()).registerModule(new RichTypes());
      mapper = made;
    }
    return made;
  }

  private static ObjectMapper strict() {
    JsonMapper mapper =
        JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(MapperFeature.BLOCK_UNSAFE_POLYMORPHIC_BASE_TYPES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .addModule(new Jdk8Module()) // Optional
            .addModule(new JavaTimeModule()) // LocalDate, Duration and their like, as ISO text
            .build();
    // Amounts travel as decimal text more often than not.
    mapper
        .coercionConfigFor(BigDecimal.class)
        .setCoercion(CoercionInputShape.String, CoercionAction.TryConvert);
    return mapper;
  }

  /** An object of any class as a tree of values that are not all of the model yet. */
  @Nullable Object tree(Object value, String what, Supplier<String> where) {
    try (TokenBuffer buffer = new TokenBuffer(mapper(), false)) {
      mapper().writeValue(buffer, value);
      try (JsonParser tokens = buffer.asParser()) {
        tokens.nextToken();
        return tree(tokens);
      }
    } catch (IOException e) {
      throw Refusal.HOLDS_FOREIGN.with(
          what,
          "a value of type " + value.getClass().getName(),
          where.get(),
          "Jackson says: " + reason(e));
    }
  }

  private static @Nullable Object tree(JsonParser tokens) throws IOException {
    switch (tokens.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (tokens.nextToken() != JsonToken.END_OBJECT) {
          String key = tokens.currentName();
          tokens.nextToken();
          object.put(key, tree(tokens));
        }
        return object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (tokens.nextToken() != JsonToken.END_ARRAY) {
          array.add(tree(tokens));
        }
        return array;
      }
      case VALUE_STRING -> {
        return tokens.getText();
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        return tokens.getNumberValue();
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return tokens.getBooleanValue();
      }
      case VALUE_EMBEDDED_OBJECT -> {
        return tokens.getEmbeddedObject();
      }
      default -> {
        return null;
      }
    }
  }

  /** A decoded value as what an activity takes; the same object where it fits already. */
  public @Nullable Object read(@Nullable Object value, Type type, String what) {
    if (type == Object.class || value != null && type == value.getClass()) {
      return value;
    }
    try (TokenBuffer buffer = new TokenBuffer(mapper(), false)) {
      JavaType target = mapper().constructType(type);
      if (value != null && fits(value, target)) {
        return value;
      }
      write(value, buffer);
      try (JsonParser tokens = buffer.asParser()) {
        return mapper().readValue(tokens, target);
      }
    } catch (IOException e) {
      throw new ArgumentException(
          "%s does not fit %s: %s".formatted(what, type.getTypeName(), reason(e)), e);
    } catch (IllegalArgumentException | StackOverflowError e) {
      throw new ArgumentException(
          "%s can't be read as %s: %s".formatted(what, type.getTypeName(), e.getMessage()), e);
    }
  }

  /** Whether the decoded containers are what is asked for, which spares them the way through. */
  private static boolean fits(Object value, JavaType target) {
    if (target.isTypeOrSuperTypeOf(List.class) && value instanceof List<?>) {
      return target.containedTypeCount() == 0 || target.containedType(0).isJavaLangObject();
    }
    if (target.isTypeOrSuperTypeOf(LinkedHashMap.class) && value instanceof Map<?, ?> map) {
      boolean anyKey =
          target.getKeyType() == null
              || target.getKeyType().isJavaLangObject()
              || (target.getKeyType().hasRawClass(String.class)
                  && map.keySet().stream().allMatch(String.class::isInstance));
      return anyKey
          && (target.getContentType() == null || target.getContentType().isJavaLangObject());
    }
    return false;
  }

  private static void write(@Nullable Object value, JsonGenerator out) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Long integer) {
      out.writeNumber(integer);
    } else if (value instanceof BigInteger integer) {
      out.writeNumber(integer);
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else if (value instanceof BigDecimal decimal) {
      out.writeNumber(decimal);
    } else if (value instanceof Boolean bool) {
      out.writeBoolean(bool);
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object element : list) {
        write(element, out);
      }
      out.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.writeFieldName(keyText(entry.getKey()));
        write(entry.getValue(), out);
      }
      out.writeEndObject();
    } else if (value instanceof Bytes || value instanceof Instant) {
      out.writeEmbeddedObject(value);
    } else {
      throw new IllegalArgumentException("a " + value.getClass().getSimpleName());
    }
  }

  private static String keyText(Object key) {
    if (key instanceof Bytes) {
      throw new IllegalArgumentException("a map with bytes as keys: take a Map<Object, Object>");
    }
    return key.toString();
  }

  /** One line with the path inside the value, without Jackson's source location. */
  private static String reason(IOException e) {
    String message = e instanceof JacksonException j ? j.getOriginalMessage() : e.getMessage();
    String line = message == null ? e.getClass().getName() : message.lines().findFirst().orElse("");
    line = ADVICE.matcher(line).replaceFirst("");
    String path = e instanceof DatabindException d ? path(d) : "";
    return path.isEmpty() ? line : "at " + path + ": " + line;
  }

  private static String path(DatabindException e) {
    return e instanceof JsonMappingException mapping
        ? mapping.getPath().stream()
            .map(
                step ->
                    step.getFieldName() == null
                        ? "[" + step.getIndex() + "]"
                        : "." + step.getFieldName())
            .collect(Collectors.joining())
        : "";
  }
}
