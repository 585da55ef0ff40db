package io.pyflow.codec.internal;

import io.pyflow.codec.PayloadDecodeException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict UTF-8: Java's constructors of strings replace what is broken. */
final class Utf8 {
  private Utf8() {}

  static String read(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new PayloadDecodeException("a text is not UTF-8", e);
    }
  }
}
