package io.pyflow.codec.internal;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The words of a JSON text, one after the other. It only says that something is wrong. */
final class JsonScanner {
  static final Strange STRANGE = new Strange();

  private static final int LONGEST_LONG = 18;
  private static final int EXACT = 15; // so many digits are a double without rounding
  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };
  private static final int KEYS = 64; // a power of two
  private static final int LONGEST_KEY = 64;

  /** Something is wrong. */
  static final class Strange extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Strange() {
      super(null, null, false, false);
    }
  }

  private final String text;
  private final char[] chars; // a NUL behind them, which ends whatever is read there
  private String @Nullable [] keys; // keys of this text by their hash: most come again
  private int at;

  JsonScanner(String text) {
    this.text = text;
    this.chars = new char[text.length() + 1];
    text.getChars(0, text.length(), chars, 0);
  }

  /** The next character that is no blank; it is not taken. */
  char next() {
    char c = chars[at];
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      c = chars[++at];
    }
    return c;
  }

  /** Takes a character that {@link #next} has found. */
  void skip() {
    at++;
  }

  /** Takes a comma, or else what closes. */
  boolean more(char closes) {
    char c = next();
    at++;
    if (c == ',') {
      return true;
    } else if (c == closes) {
      return false;
    }
    throw STRANGE;
  }

  void word(String word) {
    if (!text.startsWith(word, at)) {
      throw STRANGE;
    }
    at += word.length();
  }

  /** Refuses whatever follows. */
  void end() {
    next();
    if (at != text.length()) {
      throw STRANGE;
    }
  }

  /** Takes a key and its colon. */
  String key() {
    if (next() != '"') {
      throw STRANGE;
    }
    String key = known();
    if (next() != ':') {
      throw STRANGE;
    }
    at++;
    return key;
  }

  private String known() {
    int start = at + 1;
    int hash = 0;
    int i = start;
    char c = chars[i];
    while (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
      hash = 31 * hash + c;
      c = chars[++i];
    }
    int length = i - start;
    if (c != '"' || length > LONGEST_KEY) {
      return string();
    }
    if (keys == null) {
      keys = new String[KEYS];
    }
    int slot = (hash ^ hash >>> 16) & KEYS - 1;
    String key = keys[slot];
    if (key == null || key.length() != length || !text.startsWith(key, start)) {
      key = text.substring(start, i);
      keys[slot] = key;
    }
    at = i + 1;
    return key;
  }

  String string() {
    int start = at + 1;
    int i = start;
    while (true) {
      char c = chars[i];
      if (c > '\\') {
        i += c < Character.MIN_SURROGATE ? 1 : units(i);
      } else if (c == '"') {
        at = i + 1;
        return text.substring(start, i);
      } else if (c == '\\') {
        return escaped(start, i);
      } else if (c >= ' ') {
        i++;
      } else {
        throw STRANGE;
      }
    }
  }

  /** How many units the character at an index has. */
  private int units(int index) {
    char c = chars[index];
    if (!Character.isSurrogate(c)) {
      return 1;
    } else if (Character.isHighSurrogate(c) && Character.isLowSurrogate(chars[index + 1])) {
      return 2;
    }
    throw STRANGE;
  }

  private String escaped(int start, int firstEscape) {
    StringBuilder string = new StringBuilder().append(chars, start, firstEscape - start);
    int i = firstEscape;
    while (chars[i] != '"') {
      char c = chars[i];
      if (c == '\\') {
        i = escape(string, i + 1);
      } else if (c >= ' ') {
        int units = units(i);
        string.append(chars, i, units);
        i += units;
      } else {
        throw STRANGE;
      }
    }
    at = i + 1;
    return string.toString();
  }

  /** Appends what is escaped from an index on; returns the index after it. */
  private int escape(StringBuilder string, int index) {
    switch (chars[index]) {
      case '"', '\\', '/' -> string.append(chars[index]);
      case 'b' -> string.append('\b');
      case 'f' -> string.append('\f');
      case 'n' -> string.append('\n');
      case 'r' -> string.append('\r');
      case 't' -> string.append('\t');
      case 'u' -> {
        return unicode(string, index + 1);
      }
      default -> throw STRANGE;
    }
    return index + 1;
  }

  private int unicode(StringBuilder string, int index) {
    char c = hex(index);
    string.append(c);
    int end = index + 4;
    if (!Character.isSurrogate(c)) {
      return end;
    }
    if (Character.isHighSurrogate(c) && text.startsWith("\\u", end)) {
      char low = hex(end + 2);
      if (Character.isLowSurrogate(low)) {
        string.append(low);
        return end + 6;
      }
    }
    throw STRANGE;
  }

  private char hex(int index) {
    int code = 0;
    for (int i = index; i < index + 4; i++) {
      char c = chars[i];
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) { // the NUL at the end too
        throw STRANGE;
      }
      code = code << 4 | digit;
    }
    return (char) code;
  }

  Object number() {
    int start = at;
    int i = start;
    boolean negative = chars[i] == '-';
    if (negative) {
      i++;
    }
    int first = i;
    long digits = 0; // wrong where they are too many, which are read otherwise
    char c = chars[i];
    if (c == '0') {
      c = chars[++i];
    } else {
      digit(c);
      for (; c >= '0' && c <= '9'; c = chars[++i]) {
        digits = digits * 10 + (c - '0');
      }
    }
    int whole = i - first;
    if (c != '.' && c != 'e' && c != 'E') {
      at = i;
      return whole <= LONGEST_LONG ? (Object) (negative ? -digits : digits) : large(start, i);
    }
    if (c == '.') {
      c = chars[++i];
      digit(c);
      for (; c >= '0' && c <= '9'; c = chars[++i]) {
        digits = digits * 10 + (c - '0');
      }
      int places = i - first - whole - 1;
      if (c != 'e' && c != 'E' && whole + places <= EXACT) {
        at = i;
        double value = digits / TENS[places]; // both exact, so this is rounded once
        return negative ? -value : value;
      }
    }
    at = c == 'e' || c == 'E' ? exponent(i + 1) : i;
    double value = Double.parseDouble(text.substring(start, at));
    if (Double.isInfinite(value)) {
      throw STRANGE;
    }
    return value;
  }

  private int exponent(int index) {
    int i = chars[index] == '+' || chars[index] == '-' ? index + 1 : index;
    digit(chars[i]);
    while (chars[i] >= '0' && chars[i] <= '9') {
      i++;
    }
    return i;
  }

  private static void digit(char c) {
    if (c < '0' || c > '9') {
      throw STRANGE;
    }
  }

  private Object large(int start, int end) {
    String digits = text.substring(start, end);
    if (Integers.tooLong(digits)) {
      throw STRANGE;
    }
    return Integers.normal(new BigInteger(digits));
  }
}
