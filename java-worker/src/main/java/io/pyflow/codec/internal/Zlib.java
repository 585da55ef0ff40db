package io.pyflow.codec.internal;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The codec `zlib`; 16 MiB at most come out of it. */
final class Zlib {
  static final String NAME = "zlib";
  static final int LARGEST = 16 * 1024 * 1024;
  private static final int LEVEL = 6;
  private static final int CHUNK = 8_192;

  private Zlib() {}

  static byte[] encode(byte[] bytes) {
    Deflater deflater = new Deflater(LEVEL);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] chunk = new byte[CHUNK];
      while (!deflater.finished()) {
        out.write(chunk, 0, deflater.deflate(chunk));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  static byte[] decode(byte[] bytes) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] chunk = new byte[CHUNK];
      while (!inflater.finished()) {
        int count = inflater.inflate(chunk);
        if (count == 0 && !inflater.finished()) { // starved, or in want of a dictionary
          throw Refusal.ZLIB.with();
        }
        out.write(chunk, 0, count);
        if (out.size() > LARGEST) {
          throw Refusal.DECODED_SIZE.with(Shown.quoted(NAME));
        }
      }
      if (inflater.getRemaining() > 0) {
        throw Refusal.ZLIB.with();
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw Refusal.ZLIB.with();
    } finally {
      inflater.end();
    }
  }
}
