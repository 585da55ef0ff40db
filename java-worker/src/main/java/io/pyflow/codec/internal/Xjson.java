package io.pyflow.codec.internal;

import io.pyflow.codec.Bytes;
import io.pyflow.codec.PayloadException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Extended JSON: an object whose only key begins with `$` is a tag. */
final class Xjson {
  private final @Nullable Object root; // the JSON that is read, to say where something is

  private Xjson(@Nullable Object root) {
    this.root = root;
  }

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
    return untag(tree, tree);
  }

  /** A part of a tree of JSON as a value of the model. */
  static @Nullable Object untag(@Nullable Object tree, @Nullable Object root) {
    return new Xjson(root).read(tree, 0);
  }

  private @Nullable Object read(@Nullable Object tree, int outer) {
    if (tree instanceof List<?> list) {
      int depth = Depth.decoding(outer + 1);
      List<@Nullable Object> array = new ArrayList<>(list.size());
      list.forEach(element -> array.add(read(element, depth)));
      return array;
    } else if (tree instanceof Map<?, ?> map) {
      return isTag(map) ? tagged(map, outer) : object(map, outer);
    }
    return tree;
  }

  private Map<Object, @Nullable Object> object(Map<?, ?> map, int outer) {
    int depth = Depth.decoding(outer + 1);
    Map<Object, @Nullable Object> object = new LinkedHashMap<>();
    map.forEach((key, value) -> object.put(key, read(value, depth)));
    return object;
  }

  private Object tagged(Map<?, ?> tag, int outer) {
    String name = (String) tag.keySet().iterator().next();
    Object content = tag.get(name);
    return switch (name) {
      case "$bytes" ->
          Bytes.of(Base64Text.read(content).orElseThrow(() -> misfit(Refusal.BYTES, content, tag)));
      case "$ts" ->
          Timestamps.read(content).orElseThrow(() -> misfit(Refusal.TIMESTAMP, content, tag));
      case "$dec" -> Decimals.read(content, () -> where(tag));
      case "$float" -> {
        if (!List.of("NaN", "Infinity", "-Infinity").contains(content == null ? "" : content)) {
          throw misfit(Refusal.FLOAT, content, tag);
        }
        yield Double.valueOf((String) content);
      }
      case "$map" -> {
        if (!(content instanceof List<?> entries)) {
          throw misfit(Refusal.MAP, content, tag);
        }
        yield entries(entries, Depth.decoding(outer + 1), tag);
      }
      case "$lit" -> {
        if (!(content instanceof Map<?, ?> inner) || !isTag(inner)) {
          throw misfit(Refusal.LITERAL, content, tag);
        }
        yield object(inner, outer);
      }
      default -> throw misfit(Refusal.TAG_UNKNOWN, name, tag);
    };
  }

  private Map<Object, @Nullable Object> entries(List<?> entries, int depth, Map<?, ?> tag) {
    Map<Object, @Nullable Object> map = new LinkedHashMap<>();
    for (Object entry : entries) {
      if (!(entry instanceof List<?> pair) || pair.size() != 2) {
        throw misfit(Refusal.MAP, entry, tag);
      }
      Object key = key(map, read(pair.get(0), depth), () -> where(tag));
      map.put(key, read(pair.get(1), depth));
    }
    return map;
  }

  private PayloadException misfit(Refusal refusal, @Nullable Object found, Map<?, ?> tag) {
    return refusal.with(Shown.value(found), where(tag));
  }

  private String where(Map<?, ?> tag) {
    List<Object> path = new ArrayList<>();
    Shown.path(root, tag, path);
    return Shown.at(path);
  }

  /** The key, unless it is none of the model's or there already. */
  static Object key(
      Map<Object, @Nullable Object> map, @Nullable Object key, Supplier<String> where) {
    if (!(key instanceof String
        || key instanceof Long
        || key instanceof BigInteger
        || key instanceof Bytes)) {
      throw Refusal.KEY_KIND.with(Shown.value(key), where.get());
    }
    if (map.containsKey(key)) {
      throw Refusal.KEY_TWICE.with(Shown.value(key), where.get());
    }
    return key;
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
