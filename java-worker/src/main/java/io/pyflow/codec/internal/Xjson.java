package io.pyflow.codec.internal;

import io.pyflow.codec.Bytes;
import io.pyflow.codec.PayloadDecodeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Extended JSON: an object whose only key begins with `$` is a tag. */
final class Xjson {
  private Xjson() {}

  /** A value of the model as a tree of JSON. */
  static @Nullable Object tag(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return tagMap(map);
    } else if (value instanceof List<?> list) {
      List<@Nullable Object> tagged = new ArrayList<>(list.size());
      list.forEach(element -> tagged.add(tag(element)));
      return tagged;
    } else if (value instanceof Bytes bytes) {
      return object("$bytes", Base64Text.write(bytes.toByteArray()));
    } else if (value instanceof Instant time) {
      return object("$ts", Timestamps.write(time));
    } else if (value instanceof BigDecimal decimal) {
      return object("$dec", Decimals.write(decimal));
    } else if (value instanceof Double number && !Double.isFinite(number)) {
      return object("$float", number.toString());
    }
    return value;
  }

  private static Object tagMap(Map<?, ?> map) {
    if (map.keySet().stream().allMatch(String.class::isInstance)) {
      Map<String, @Nullable Object> tagged = new LinkedHashMap<>();
      map.forEach((key, value) -> tagged.put((String) key, tag(value)));
      return isTag(tagged) ? object("$lit", tagged) : tagged;
    }
    List<Object> entries = new ArrayList<>(map.size());
    map.forEach(
        (key, value) -> {
          List<@Nullable Object> pair = new ArrayList<>(2);
          pair.add(tag(key));
          pair.add(tag(value));
          entries.add(pair);
        });
    return object("$map", entries);
  }

  /** A tree of JSON as a value of the model. */
  static @Nullable Object untag(@Nullable Object tree) {
    return untag(tree, 0);
  }

  private static @Nullable Object untag(@Nullable Object tree, int outer) {
    if (tree instanceof List<?> list) {
      int depth = Depth.decoding(outer + 1);
      List<@Nullable Object> array = new ArrayList<>(list.size());
      list.forEach(element -> array.add(untag(element, depth)));
      return array;
    } else if (tree instanceof Map<?, ?> map) {
      return isTag(map) ? untagged(map, outer) : untagObject(map, outer);
    }
    return tree;
  }

  private static Map<Object, @Nullable Object> untagObject(Map<?, ?> map, int outer) {
    int depth = Depth.decoding(outer + 1);
    Map<Object, @Nullable Object> object = new LinkedHashMap<>();
    map.forEach((key, value) -> object.put(key, untag(value, depth)));
    return object;
  }

  private static Object untagged(Map<?, ?> tag, int outer) {
    String name = (String) tag.keySet().iterator().next();
    Object content = tag.get(name);
    switch (name) {
      case "$bytes" -> {
        if (content instanceof String text) {
          return Bytes.of(Base64Text.read(text));
        }
      }
      case "$ts" -> {
        if (content instanceof String text) {
          return Timestamps.read(text);
        }
      }
      case "$dec" -> {
        if (content instanceof String text) {
          return Decimals.read(text);
        }
      }
      case "$float" -> {
        if ("NaN".equals(content) || "Infinity".equals(content) || "-Infinity".equals(content)) {
          return Double.valueOf((String) content);
        }
      }
      case "$map" -> {
        if (content instanceof List<?> entries) {
          return untagEntries(entries, Depth.decoding(outer + 1));
        }
      }
      case "$lit" -> {
        if (content instanceof Map<?, ?> inner && isTag(inner)) {
          return untagObject(inner, outer);
        }
      }
      default -> throw new PayloadDecodeException("tag '" + Unicode.cut(name, 60) + "' is unknown");
    }
    throw new PayloadDecodeException("tag '" + name + "' holds something that is not its own");
  }

  private static Map<Object, @Nullable Object> untagEntries(List<?> entries, int depth) {
    Map<Object, @Nullable Object> map = new LinkedHashMap<>();
    for (Object entry : entries) {
      if (!(entry instanceof List<?> pair) || pair.size() != 2) {
        throw new PayloadDecodeException("an entry of '$map' is not a pair");
      }
      putOnce(map, untag(pair.get(0), depth), untag(pair.get(1), depth));
    }
    return map;
  }

  /** Adds an entry, unless its key is none of the model's or there already. */
  static void putOnce(
      Map<Object, @Nullable Object> map, @Nullable Object key, @Nullable Object value) {
    if (!(key instanceof String
        || key instanceof Long
        || key instanceof BigInteger
        || key instanceof Bytes)) {
      throw new PayloadDecodeException("a map has a key that is no text, integer or bytes");
    }
    if (map.containsKey(key)) {
      throw new PayloadDecodeException(
          "key '" + Unicode.cut(String.valueOf(key), 60) + "' occurs twice in a map");
    }
    map.put(key, value);
  }

  private static boolean isTag(Map<?, ?> map) {
    return map.size() == 1 && ((String) map.keySet().iterator().next()).startsWith("$");
  }

  private static Map<String, Object> object(String key, Object value) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put(key, value);
    return object;
  }
}
