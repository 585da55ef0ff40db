package io.pyflow.codec.internal;

import io.pyflow.codec.Bytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a refusal shows what it is about: a value, and where that stands (refusals.md). */
public final class Shown {
  static final int VALUE = 40; // units
  private static final int PATH = 100;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");

  private Shown() {}

  /** A value of the model, or a tree of JSON: short, and the same in every language. */
  static String value(@Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      return String.valueOf(value);
    } else if (value instanceof CharSequence || value instanceof Character) {
      return quoted(value.toString());
    } else if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger) {
      return Unicode.cut(value.toString(), VALUE);
    } else if (value instanceof Double || value instanceof Float) {
      return "a float";
    } else if (value instanceof Bytes bytes) {
      return hex(bytes.toByteArray());
    } else if (value instanceof byte[] bytes) {
      return hex(bytes);
    } else if (value instanceof Instant) {
      return "a timestamp";
    } else if (value instanceof BigDecimal) {
      return "a decimal";
    } else if (value instanceof Collection<?> array) {
      return "an array of " + array.size();
    } else if (value instanceof Map<?, ?> map) {
      return "a map of " + map.size();
    }
    return value.getClass().getName();
  }

  private static String hex(byte[] bytes) {
    return Unicode.cut(
        "0x" + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, VALUE)), VALUE);
  }

  /** The text in quotes and on one line. */
  public static String quoted(String text) {
    return quoted(text, VALUE);
  }

  /** The text in quotes and on one line, cut before it is escaped. */
  static String quoted(String text, int units) {
    StringBuilder quoted = new StringBuilder("\"");
    Unicode.cut(text, units)
        .codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (c < 0x20
                  || c >= 0x7f && c <= 0xa0
                  || c == 0x2028
                  || c == 0x2029
                  || c == 0xfeff
                  || c >= 0xd800 && c <= 0xdfff) {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }

  /** Where something is in bytes, so many of which are before it. */
  static String at(long index) {
    return "at byte " + (index + 1);
  }

  /** Where something is in a value, as {@code at $.items[3]["first name"]}. */
  static String at(List<?> path) {
    StringBuilder steps = new StringBuilder("$");
    for (Object step : path) {
      if (step instanceof String name && NAME.matcher(name).matches()) {
        steps.append('.').append(name);
      } else {
        steps.append('[').append(value(step)).append(']');
      }
    }
    return "at " + Unicode.cut(steps.toString(), PATH);
  }

  /** Adds the steps from a tree of JSON to a container in it; false if it is not there. */
  static boolean path(@Nullable Object root, Object sought, List<Object> steps) {
    if (root == sought) {
      return true;
    }
    if (root instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (step(entry.getKey(), entry.getValue(), sought, steps)) {
          return true;
        }
      }
    } else if (root instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        if (step((long) i, list.get(i), sought, steps)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean step(
      Object step, @Nullable Object item, Object sought, List<Object> steps) {
    steps.add(step);
    if (path(item, sought, steps)) {
      return true;
    }
    steps.remove(steps.size() - 1);
    return false;
  }

  /** What is configured, in order; {@code none} for nothing. */
  public static String known(Collection<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", new TreeSet<>(names));
  }
}
