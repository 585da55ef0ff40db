package io.pyflow.codec.internal;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Compact JSON in raw Unicode, in one pass. */
final class JsonWriter {
  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private static final int LONGEST_ESCAPE = 6;
  private static final int LONGEST_NUMBER = 26;
  private static final int FIRST = 256;

  private final int deepest;
  private char[] out = new char[FIRST];
  private int at;

  private JsonWriter(int deepest) {
    this.deepest = deepest;
  }

  /**
   * Writes a tree of null, Boolean, Long, BigInteger, finite Double, String, List and Map with text
   * keys.
   */
  static String write(@Nullable Object tree) {
    JsonWriter writer = new JsonWriter(Integer.MAX_VALUE);
    if (!writer.value(tree, 0)) {
      throw new IllegalArgumentException("no tree of JSON: the value was not checked");
    }
    return writer.text();
  }

  /**
   * Writes a value that nobody has checked, if nothing in it is more than plain JSON: the text is
   * that of the checked value's tree. Empty if something may be, and {@link Model} is to tell.
   */
  static Optional<String> plain(@Nullable Object value) {
    JsonWriter writer = new JsonWriter(Depth.LIMIT);
    return writer.value(value, 0) ? Optional.of(writer.text()) : Optional.empty();
  }

  private String text() {
    return new String(out, 0, at);
  }

  /** Whether the value has a place here, as all that follows. */
  private boolean value(@Nullable Object value, int outer) {
    if (value instanceof String text) {
      return string(text);
    } else if (value instanceof Long || value instanceof Integer) {
      integer(((Number) value).longValue());
      return true;
    } else if (value instanceof Map<?, ?> map) {
      return outer < deepest && object(map, outer + 1);
    } else if (value instanceof Collection<?> array) {
      return outer < deepest && array(array, outer + 1);
    } else if (value instanceof Double number) {
      return Double.isFinite(number) && raw(number.toString());
    } else if (value == null || value instanceof Boolean) {
      return raw(String.valueOf(value));
    }
    return value instanceof BigInteger large && !Integers.tooLong(large) && raw(large.toString());
  }

  private boolean array(Collection<?> array, int depth) {
    put('[');
    boolean first = true;
    for (Object element : array) {
      if (!first) {
        put(',');
      }
      first = false;
      if (!value(element, depth)) {
        return false;
      }
    }
    put(']');
    return true;
  }

  private boolean object(Map<?, ?> map, int depth) {
    if (map.getClass() != LinkedHashMap.class && mayHoldEqualKeys(map)) {
      return false;
    }
    put('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!first) {
        put(',');
      }
      first = false;
      if (!(entry.getKey() instanceof String key) || !string(key)) {
        return false;
      }
      put(':');
      if (!value(entry.getValue(), depth)) {
        return false;
      }
    }
    put('}');
    return true;
  }

  private static boolean mayHoldEqualKeys(Map<?, ?> map) {
    return map instanceof IdentityHashMap
        || map instanceof SortedMap<?, ?> sorted && sorted.comparator() != null;
  }

  private boolean string(String text) {
    int length = text.length();
    room(length + 2);
    int start = at;
    out[at++] = '"';
    text.getChars(0, length, out, at);
    int end = at + length;
    for (int i = at; i < end; i++) {
      if (isSpecial(out[i])) {
        at = i;
        return rest(text, i - start - 1);
      }
    }
    out[end] = '"';
    at = end + 1;
    return true;
  }

  private static boolean isSpecial(char c) {
    return c < 0x7f
        ? c < ' ' || c == '"' || c == '\\'
        : c <= 0x9f || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c);
  }

  /** Writes the rest of a text, from an index on. */
  private boolean rest(String text, int index) {
    int length = text.length();
    for (int i = index; i < length; i++) {
      char c = text.charAt(i);
      room(LONGEST_ESCAPE + 1);
      if (!isSpecial(c)) {
        out[at++] = c;
      } else if (!Character.isSurrogate(c)) {
        escape(c);
      } else {
        if (Character.isLowSurrogate(c)
            || i + 1 == length
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        out[at++] = c;
        out[at++] = text.charAt(++i);
      }
    }
    put('"');
    return true;
  }

  private void escape(char c) {
    out[at++] = '\\';
    switch (c) {
      case '"', '\\' -> out[at++] = c;
      case '\n' -> out[at++] = 'n';
      case '\r' -> out[at++] = 'r';
      case '\t' -> out[at++] = 't';
      default -> {
        out[at++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
          out[at++] = HEX[(c >> shift) & 0xf];
        }
      }
    }
  }

  private void integer(long value) {
    room(LONGEST_NUMBER);
    if (value < 0) {
      if (value == Long.MIN_VALUE) {
        raw(Long.toString(value));
        return;
      }
      out[at++] = '-';
    }
    long rest = Math.abs(value);
    int end = at + 1;
    for (long tens = rest / 10; tens > 0; tens /= 10) {
      end++;
    }
    for (int i = end - 1; i >= at; i--) {
      out[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
    at = end;
  }

  private boolean raw(String text) {
    room(text.length());
    text.getChars(0, text.length(), out, at);
    at += text.length();
    return true;
  }

  private void put(char c) {
    room(1);
    out[at++] = c;
  }

  private void room(int units) {
    if (out.length - at < units) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, at + units));
    }
  }
}
