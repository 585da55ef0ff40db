package io.pyflow.codec.internal;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree of null, Boolean, Long, BigInteger, finite Double, String, List and Map with text
 * keys as compact JSON in raw Unicode.
 */
final class JsonWriter {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder out = new StringBuilder();

  private JsonWriter() {}

  static String write(@Nullable Object tree) {
    JsonWriter writer = new JsonWriter();
    writer.value(tree);
    return writer.out.toString();
  }

  private void value(@Nullable Object tree) {
    if (tree instanceof String text) {
      text(text);
    } else if (tree instanceof Map<?, ?> map) {
      object(map);
    } else if (tree instanceof List<?> list) {
      array(list);
    } else {
      out.append(tree);
    }
  }

  private void array(List<?> list) {
    out.append('[');
    for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
      value(each.next());
      if (each.hasNext()) {
        out.append(',');
      }
    }
    out.append(']');
  }

  private void object(Map<?, ?> map) {
    out.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> each = map.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<?, ?> entry = each.next();
      text((String) entry.getKey());
      out.append(':');
      value(entry.getValue());
      if (each.hasNext()) {
        out.append(',');
      }
    }
    out.append('}');
  }

  private void text(String text) {
    out.append('"');
    int written = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
        continue;
      }
      if (c <= 0x9f || c == '\u2028' || c == '\u2029') {
        out.append(text, written, i);
        special(c);
        written = i + 1;
      }
    }
    if (written == 0) { // as nearly always: copied whole
      out.append(text);
    } else {
      out.append(text, written, text.length());
    }
    out.append('"');
  }

  private void special(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> escape(c);
    }
  }

  private void escape(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX[(c >> shift) & 0xf]);
    }
  }
}
