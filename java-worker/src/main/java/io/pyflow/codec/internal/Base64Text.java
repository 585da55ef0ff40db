package io.pyflow.codec.internal;

import java.util.Arrays;
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
      byte[] bytes = Base64.getDecoder().decode(base64);
      byte[] last = Arrays.copyOfRange(bytes, bytes.length - bytes.length % 3, bytes.length);
      return base64.endsWith(write(last)) // nor does it look at the bits behind the last byte
          ? Optional.of(bytes)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
