package io.pyflow.codec.internal;

import io.pyflow.codec.Bytes;
import io.pyflow.codec.PayloadEncodeException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Java value as a value of the model: null, Boolean, Long, BigInteger, Double, String, {@link
 * Bytes}, Instant, BigDecimal, List, Map. Everything that the model has no place for is refused
 * here, with its path, so that the codings need not check.
 */
final class Model {
  private final TypedValues typed;
  private boolean plain = true;

  private Model(TypedValues typed) {
    this.typed = typed;
  }

  /** Where a value is in another; put into words only for a refusal. */
  private record Path(@Nullable Path parent, Object step) {
    static final Path TOP = new Path(null, "$");

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (Path at = this; at != null; at = at.parent) {
        text.insert(0, at.word());
      }
      return text.toString();
    }

    private String word() {
      if (parent == null) {
        return "$";
      }
      return step instanceof Index index
          ? "[" + index.number() + "]"
          : "." + Unicode.cut(step.toString(), 40);
    }
  }

  /** A step into an array; a step into a map is its key. */
  private record Index(int number) {}

  /** A value of the model, and whether plain JSON can hold it. */
  record Checked(@Nullable Object value, boolean plain) {}

  static Checked of(@Nullable Object value, TypedValues typed) {
    Model model = new Model(typed);
    try {
      return new Checked(model.checked(value, Path.TOP, 0), model.plain);
    } catch (StackOverflowError e) {
      throw new PayloadEncodeException("value contains itself, or is nested too deep", e);
    }
  }

  private @Nullable Object checked(@Nullable Object value, Path path, int depth) {
    if (value == null || value instanceof Boolean || value instanceof Long) {
      return value;
    } else if (value instanceof CharSequence text) {
      return text(text.toString(), path);
    } else if (value instanceof Number number) {
      return number(number, path);
    } else if (value instanceof Map<?, ?> map) {
      return map(map, path, deeper(path, depth));
    } else if (value instanceof Collection<?> collection) {
      return array(collection, path, deeper(path, depth));
    } else if (value instanceof Bytes) {
      plain = false;
      return value;
    } else if (value instanceof byte[] bytes) {
      plain = false;
      return Bytes.of(bytes);
    } else if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return checked(bytes, path, depth);
    } else if (value instanceof Instant time) {
      return timestamp(time, path);
    } else if (value instanceof Optional<?> optional) {
      return checked(optional.orElse(null), path, depth);
    } else if (value instanceof Character character) {
      return text(character.toString(), path);
    } else if (value.getClass().isArray()) {
      return array(elements(value), path, deeper(path, depth));
    }
    return checked(typed.tree(value, path.toString()), path, depth);
  }

  private Object number(Number number, Path path) {
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      plain &= Double.isFinite(value);
      return value;
    } else if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
      return number.longValue();
    } else if (number instanceof BigInteger integer) {
      if (Integers.tooLong(integer)) {
        throw new PayloadEncodeException("integer at " + path + " has more than 1000 digits");
      }
      return Integers.normal(integer);
    } else if (number instanceof BigDecimal decimal) {
      if (!Decimals.inRange(decimal)) {
        throw new PayloadEncodeException(
            "decimal at %s has more than 1000 digits, or an exponent beyond 6144".formatted(path));
      }
      plain = false;
      return decimal;
    }
    throw new PayloadEncodeException(
        "value at %s is a %s: convert it to a Long, BigInteger, Double or BigDecimal"
            .formatted(path, number.getClass().getName()));
  }

  private static String text(String text, Path path) {
    int lone = Unicode.firstLoneSurrogate(text);
    if (lone >= 0) {
      throw new PayloadEncodeException(
          "text at %s has half a surrogate pair at index %d".formatted(path, lone));
    }
    return text;
  }

  private Instant timestamp(Instant time, Path path) {
    if (!Timestamps.inRange(time)) {
      throw new PayloadEncodeException(
          "timestamp %s at %s is not of the years 1 to 9999".formatted(time, path));
    }
    plain = false;
    return time;
  }

  private List<@Nullable Object> array(Collection<?> elements, Path path, int depth) {
    List<@Nullable Object> array = new ArrayList<>(elements.size());
    for (Object element : elements) {
      array.add(checked(element, new Path(path, new Index(array.size())), depth));
    }
    return array;
  }

  private Map<Object, @Nullable Object> map(Map<?, ?> entries, Path path, int depth) {
    Map<Object, @Nullable Object> map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      Object key = key(entry.getKey(), path);
      if (map.containsKey(key)) {
        throw new PayloadEncodeException("key '%s' occurs twice at %s".formatted(key, path));
      }
      map.put(key, checked(entry.getValue(), new Path(path, key), depth));
    }
    return map;
  }

  private Object key(@Nullable Object key, Path path) {
    if (key instanceof Enum<?> constant) {
      return text(constant.name(), path);
    }
    Object checked =
        key instanceof BigDecimal || key instanceof Instant ? null : checked(key, path, 0);
    if (checked instanceof String) {
      return checked;
    }
    if (checked instanceof Long || checked instanceof BigInteger || checked instanceof Bytes) {
      plain = false;
      return checked;
    }
    throw new PayloadEncodeException(
        "key '%s' of the map at %s is no text, integer or bytes".formatted(key, path));
  }

  private static int deeper(Path path, int depth) {
    if (depth == Depth.LIMIT) {
      throw new PayloadEncodeException(
          "value is nested deeper than %d levels, at %s"
              .formatted(Depth.LIMIT, Unicode.cut(path.toString(), 120)));
    }
    return depth + 1;
  }

  private static List<@Nullable Object> elements(Object array) {
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      elements.add(Array.get(array, i));
    }
    return elements;
  }
}
