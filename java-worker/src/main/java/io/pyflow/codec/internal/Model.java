package io.pyflow.codec.internal;

import io.pyflow.codec.Bytes;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedList;
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
  private static final List<Class<?>> NO_KEYS =
      List.of(
          Boolean.class,
          Double.class,
          Float.class,
          BigDecimal.class,
          Instant.class,
          Collection.class,
          Map.class);

  private final TypedValues typed;
  private final String what;
  private boolean plain = true;

  private Model(TypedValues typed, String what) {
    this.typed = typed;
    this.what = what;
  }

  /** A value of the model, and whether plain JSON can hold it. */
  record Checked(@Nullable Object value, boolean plain) {}

  /** The value, which is named so in refusals. */
  static Checked of(@Nullable Object value, TypedValues typed, String what) {
    Model model = new Model(typed, what);
    try {
      return new Checked(model.checked(value, Path.ROOT), model.plain);
    } catch (StackOverflowError e) {
      throw Refusal.HOLDS_DEPTH.with(what);
    }
  }

  /** The way to a part of a value. */
  private record Path(@Nullable Path outer, Object step, int depth) {
    static final Path ROOT = new Path(null, "$", 0);

    Path to(Object step) {
      return new Path(this, step, depth + 1);
    }

    String where() {
      LinkedList<Object> steps = new LinkedList<>();
      for (Path path = this; path.outer != null; path = path.outer) {
        steps.addFirst(path.step);
      }
      return Shown.at(steps);
    }
  }

  private @Nullable Object checked(@Nullable Object value, Path path) {
    if (value == null || value instanceof Boolean || value instanceof Long) {
      return value;
    } else if (value instanceof CharSequence text) {
      return text(text.toString(), path);
    } else if (value instanceof Number number) {
      return number(number, path);
    } else if (value instanceof Map<?, ?> map) {
      return map(map, deeper(path));
    } else if (value instanceof Collection<?> collection) {
      return array(collection, deeper(path));
    } else if (value instanceof Bytes) {
      plain = false;
      return value;
    } else if (value instanceof byte[] bytes) {
      plain = false;
      return Bytes.of(bytes);
    } else if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return checked(bytes, path);
    } else if (value instanceof Instant time) {
      return timestamp(time, path);
    } else if (value instanceof Optional<?> optional) {
      return checked(optional.orElse(null), path);
    } else if (value instanceof Character character) {
      return text(character.toString(), path);
    } else if (value.getClass().isArray()) {
      return array(elements(value), deeper(path));
    }
    return checked(typed.tree(value, what, path::where), path);
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
        throw Refusal.HOLDS_INTEGER.with(what, path.where());
      }
      return Integers.normal(integer);
    } else if (number instanceof BigDecimal decimal) {
      if (!Decimals.inRange(decimal)) {
        throw Refusal.HOLDS_DECIMAL.with(what, path.where());
      }
      plain = false;
      return decimal;
    }
    throw Refusal.HOLDS_FOREIGN.with(
        what,
        "a value of type " + number.getClass().getName(),
        path.where(),
        "turn it into a Long, BigInteger, Double or BigDecimal");
  }

  private String text(String text, Path path) {
    if (Unicode.firstLoneSurrogate(text) >= 0) {
      throw Refusal.HOLDS_SURROGATE.with(what, path.where());
    }
    return text;
  }

  private Instant timestamp(Instant time, Path path) {
    if (!Timestamps.inRange(time)) {
      throw Refusal.HOLDS_TIMESTAMP.with(what, path.where());
    }
    plain = false;
    return time;
  }

  private List<@Nullable Object> array(Collection<?> elements, Path path) {
    List<@Nullable Object> array = new ArrayList<>(elements.size());
    for (Object element : elements) {
      array.add(checked(element, path.to((long) array.size())));
    }
    return array;
  }

  private Map<Object, @Nullable Object> map(Map<?, ?> entries, Path path) {
    Map<Object, @Nullable Object> map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      Object key = key(entry.getKey(), path);
      if (map.containsKey(key)) {
        throw Refusal.HOLDS_KEY_TWICE.with(what, Shown.value(key), path.where());
      }
      map.put(key, checked(entry.getValue(), path.to(key)));
    }
    return map;
  }

  private Object key(@Nullable Object key, Path path) {
    if (key instanceof Enum<?> constant) {
      return text(constant.name(), path);
    }
    Object checked =
        NO_KEYS.stream().anyMatch(type -> type.isInstance(key)) ? key : checked(key, path);
    if (checked instanceof String) {
      return checked;
    }
    if (checked instanceof Long || checked instanceof BigInteger || checked instanceof Bytes) {
      plain = false;
      return checked;
    }
    throw Refusal.HOLDS_KEY_KIND.with(what, Shown.value(key), path.where());
  }

  private Path deeper(Path path) {
    if (path.depth() == Depth.LIMIT) {
      throw Refusal.HOLDS_DEPTH.with(what);
    }
    return path;
  }

  private static List<@Nullable Object> elements(Object array) {
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      elements.add(Array.get(array, i));
    }
    return elements;
  }
}
