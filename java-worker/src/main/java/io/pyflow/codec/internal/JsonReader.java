package io.pyflow.codec.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strict JSON (value-model.md, "Strict JSON") as a tree of null, Boolean, Long, BigInteger, Double,
 * String, List and Map, in one pass. Tags are not read here.
 */
final class JsonReader {
  private final String text;
  private final JsonScanner in;
  private int depth; // of the brackets that are open
  private int deepest;
  private int members; // of the object that ended last: the next is often its like

  JsonReader(String text) {
    this.text = text;
    this.in = new JsonScanner(text);
  }

  /** Reads a whole text. What is wrong with it, and where, is found by {@link JsonFault}. */
  static @Nullable Object parse(String text) {
    return new JsonReader(text).read();
  }

  /** The same, once. */
  @Nullable Object read() {
    try {
      Object tree = value(in.next());
      in.end();
      return tree;
    } catch (JsonScanner.Strange e) {
      throw JsonFault.of(text);
    }
  }

  /** How many brackets were open at the deepest place of what was read. */
  int deepest() {
    return deepest;
  }

  private @Nullable Object value(char first) {
    switch (first) {
      case '"' -> {
        return in.string();
      }
      case '{' -> {
        return object();
      }
      case '[' -> {
        return array();
      }
      case 't' -> {
        in.word("true");
        return true;
      }
      case 'f' -> {
        in.word("false");
        return false;
      }
      case 'n' -> {
        in.word("null");
        return null;
      }
      default -> {
        return in.number();
      }
    }
  }

  private List<@Nullable Object> array() {
    open();
    List<@Nullable Object> array = new ArrayList<>();
    char next = in.next();
    if (next != ']') {
      array.add(value(next));
      while (in.more(']')) {
        array.add(value(in.next()));
      }
    } else {
      in.skip();
    }
    depth--;
    return array;
  }

  private Map<String, @Nullable Object> object() {
    open();
    Map<String, @Nullable Object> object = new LinkedHashMap<>(members + members / 2 + 1);
    int count = 0;
    char next = in.next();
    if (next != '}') {
      do {
        String key = in.key();
        object.put(key, value(in.next()));
        if (object.size() != ++count) { // the key was there before
          throw JsonScanner.STRANGE;
        }
      } while (in.more('}'));
    } else {
      in.skip();
    }
    members = count;
    depth--;
    return object;
  }

  private void open() {
    in.skip();
    if (++depth > deepest) {
      if (depth > JsonFault.BRACKETS) {
        throw JsonScanner.STRANGE;
      }
      deepest = depth;
    }
  }
}
