package io.pyflow.codec.internal;

import io.pyflow.codec.PayloadException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What is wrong with a text that is not strict JSON: the first fault in it, found by reading it
 * again, slowly.
 *
 * <p>The fast reader only says that something is wrong, in words of its own. Here every language
 * finds the same fault at the same place (refusals.md). It takes time in proportion to the text,
 * and no stack.
 */
final class JsonFault {
  /** Brackets inside each other: what 64 levels can take with all their tags, and more. */
  static final int BRACKETS = 256;

  private static final int EXCERPT = 20;
  private static final Map<Character, String> LITERALS =
      Map.of('t', "true", 'f', "false", 'n', "null");

  /** What may stand next. */
  private enum Next {
    VALUE,
    VALUE_OR_END,
    KEY,
    KEY_OR_END,
    COLON,
    COMMA_OR_END,
    NOTHING
  }

  private final String text;
  private final Deque<Optional<Set<String>>> open = new ArrayDeque<>(); // an object's keys
  private int at;

  private JsonFault(String text) {
    this.text = text;
  }

  /** The refusal of a text that is not strict JSON; where nothing is wrong, that it is too deep. */
  static PayloadException of(String text) {
    int lone = Unicode.firstLoneSurrogate(text);
    if (lone >= 0) {
      return Refusal.SURROGATE.with(character(text, lone));
    }
    try {
      new JsonFault(text).read();
    } catch (PayloadException fault) {
      return fault;
    }
    return Refusal.DEPTH.with();
  }

  private void read() {
    Next next = Next.VALUE;
    while (true) {
      skip(c -> c == ' ' || c == '\t' || c == '\n' || c == '\r');
      if (next == Next.NOTHING && at == text.length()) {
        return;
      }
      next = next(next, here());
    }
  }

  private Next next(Next expected, char c) {
    switch (expected) {
      case VALUE_OR_END -> {
        return c == ']' ? close() : value(c);
      }
      case VALUE -> {
        return value(c);
      }
      case KEY_OR_END -> {
        return c == '}' ? close() : key(c);
      }
      case KEY -> {
        return key(c);
      }
      case COLON -> {
        take(':');
        return Next.VALUE;
      }
      case COMMA_OR_END -> {
        boolean object = open.element().isPresent();
        if (c == (object ? '}' : ']')) {
          return close();
        }
        take(',');
        return object ? Next.KEY : Next.VALUE;
      }
      default -> throw strange();
    }
  }

  private Next value(char c) {
    if (c == '{' || c == '[') {
      open.push(c == '{' ? Optional.of(new HashSet<>()) : Optional.empty());
      if (open.size() > BRACKETS) {
        throw Refusal.DEPTH.with();
      }
      at++;
      return c == '{' ? Next.KEY_OR_END : Next.VALUE_OR_END;
    }
    for (String word : List.of("NaN", "Infinity", "-Infinity")) {
      if (text.startsWith(word, at)) {
        throw Refusal.JSON_NONFINITE.with(word, character(text, at));
      }
    }
    if (c == '"') {
      string();
    } else if (LITERALS.containsKey(c)) {
      LITERALS.get(c).chars().forEach(expected -> take((char) expected));
    } else {
      number();
    }
    return after();
  }

  private Next key(char c) {
    if (c != '"') {
      throw strange();
    }
    int start = at;
    String key = string();
    if (!open.element().orElseThrow().add(key)) {
      throw Refusal.KEY_TWICE.with(Shown.quoted(key), character(text, start));
    }
    return Next.COLON;
  }

  private Next close() {
    open.pop();
    at++;
    return after();
  }

  private Next after() {
    return open.isEmpty() ? Next.NOTHING : Next.COMMA_OR_END;
  }

  private String string() {
    StringBuilder string = new StringBuilder();
    at++;
    while (true) {
      int start = at;
      skip(c -> c >= 0x20 && c != '"' && c != '\\');
      string.append(text, start, at);
      char c = here();
      if (c == '"') {
        at++;
        return string.toString();
      } else if (c != '\\') {
        throw strange();
      }
      escape(string);
    }
  }

  private void escape(StringBuilder string) {
    int start = at++;
    if (here() != 'u') {
      int kind = "\"\\/bfnrt".indexOf(here());
      if (kind < 0) {
        throw strange();
      }
      string.append("\"\\/\b\f\n\r\t".charAt(kind));
      at++;
      return;
    }
    at++;
    char c = hex();
    string.append(c);
    if (Character.isSurrogate(c)) {
      if (Character.isLowSurrogate(c) || !lowHalfFollows()) {
        throw Refusal.SURROGATE.with(character(text, start));
      }
      at += 2;
      string.append(hex());
    }
  }

  private char hex() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = here();
      if (!isHex(c)) {
        throw strange();
      }
      code = code * 16 + Character.digit(c, 16);
      at++;
    }
    return (char) code;
  }

  private static boolean isHex(char c) {
    return c < 0x80 && Character.digit(c, 16) >= 0;
  }

  private boolean lowHalfFollows() {
    return text.regionMatches(at, "\\u", 0, 2)
        && at + 6 <= text.length()
        && text.substring(at + 2, at + 6).matches("[dD][c-fC-F][0-9a-fA-F]{2}");
  }

  private void number() {
    int start = at;
    if (here() == '-') {
      at++;
    }
    if (here() == '0') {
      at++;
    } else {
      digits();
    }
    int whole = at;
    if (text.startsWith(".", at)) {
      at++;
      digits();
    }
    if (text.startsWith("e", at) || text.startsWith("E", at)) {
      at++;
      if (here() == '+' || here() == '-') {
        at++;
      }
      digits();
    }
    String number = text.substring(start, at);
    if (whole == at) {
      if (Integers.tooLong(number)) {
        throw Refusal.INTEGER_DIGITS.with(character(text, start));
      }
    } else if (Double.isInfinite(Double.parseDouble(number))) {
      throw Refusal.JSON_FLOAT.with(Unicode.cut(number, Shown.VALUE), character(text, start));
    }
  }

  private void digits() {
    if (here() < '0' || here() > '9') {
      throw strange();
    }
    skip(c -> c >= '0' && c <= '9');
  }

  private void take(char expected) {
    if (here() != expected) {
      throw strange();
    }
    at++;
  }

  private void skip(IntPredicate skipped) {
    while (at < text.length() && skipped.test(text.charAt(at))) {
      at++;
    }
  }

  private char here() {
    if (at == text.length()) {
      throw Refusal.JSON_END.with(text.codePointCount(0, at));
    }
    return text.charAt(at);
  }

  private PayloadException strange() {
    String rest = text.substring(at, Math.min(text.length(), at + EXCERPT + 1));
    return Refusal.JSON_SYNTAX.with(Shown.quoted(rest, EXCERPT), text.codePointCount(0, at) + 1);
  }

  private static String character(String text, int index) {
    return "at character " + (text.codePointCount(0, index) + 1);
  }
}
