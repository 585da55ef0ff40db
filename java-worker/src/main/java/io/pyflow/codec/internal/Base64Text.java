package io.pyflow.codec.internal;

import io.pyflow.codec.PayloadDecodeException;
import java.util.Arrays;
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
      byte[] bytes = Base64.getDecoder().decode(text);
      byte[] last = Arrays.copyOfRange(bytes, bytes.length - bytes.length % 3, bytes.length);
      if (!text.endsWith(write(last))) { // nor does it look at the bits behind the last byte
        throw new PayloadDecodeException("bytes are not in base64");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new PayloadDecodeException("bytes are not in base64", e);
    }
  }
}
