package io.pyflow.codec.internal;

import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Base64 with the standard alphabet, padded, without line breaks. */
final class Base64Text {
  private Base64Text() {}

  static String write(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** The bytes of a text; empty for what is none of base64. */
  static Optional<byte[]> read(@Nullable Object text) {
    if (!(text instanceof String base64)
        || base64.length() % 4 != 0) { // Java would not need padding
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
