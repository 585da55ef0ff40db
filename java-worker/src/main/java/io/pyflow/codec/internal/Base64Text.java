package io.pyflow.codec.internal;

import io.pyflow.codec.PayloadDecodeException;
import java.util.Base64;

/** Base64 with the standard alphabet, padded, without line breaks. */
final class Base64Text {
  private Base64Text() {}

  static String write(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static byte[] read(String text) {
    if (text.length() % 4 != 0) { // Java's decoder would do without padding
      throw new PayloadDecodeException("bytes are not in padded base64");
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new PayloadDecodeException("bytes are not in base64", e);
    }
  }
}
