package io.pyflow.codec.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Strict UTF-8: Java's constructors of strings replace what is broken. */
final class Utf8 {
  private Utf8() {}

  /** The text of bytes that JSON is to be read from. */
  static String read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
      throw Refusal.UTF8.with(Shown.at(in.position()));
    }
    return out.flip().toString();
  }

  /** The text of bytes, which stands somewhere. */
  static String read(byte[] bytes, Supplier<String> where) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.UTF8.with(where.get());
    }
  }
}
