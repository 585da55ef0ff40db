package io.pyflow.codec.internal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How deep a value may be nested: 64 arrays and maps. */
final class Depth {
  static final int LIMIT = 64;

  private Depth() {}

  /** Refuses a decoded tree that is too deep. */
  static void check(@Nullable Object tree) {
    check(tree, 0);
  }

  private static void check(@Nullable Object tree, int outer) {
    if (tree instanceof Map<?, ?> map) {
      int depth = decoding(outer + 1);
      map.values().forEach(value -> check(value, depth));
    } else if (tree instanceof List<?> list) {
      int depth = decoding(outer + 1);
      list.forEach(value -> check(value, depth));
    }
  }

  /** Refuses a depth while decoding; returns it. */
  static int decoding(int depth) {
    if (depth > LIMIT) {
      throw Refusal.DEPTH.with();
    }
    return depth;
  }
}
