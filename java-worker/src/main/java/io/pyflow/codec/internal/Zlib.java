package io.pyflow.codec.internal;

import io.pyflow.codec.PayloadDecodeException;
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
          throw new PayloadDecodeException("compressed bytes end too early");
        }
        out.write(chunk, 0, count);
        if (out.size() > LARGEST) {
          throw new PayloadDecodeException("compressed bytes hold more than 16 MiB");
        }
      }
      if (inflater.getRemaining() > 0) {
        throw new PayloadDecodeException("bytes follow after the compressed ones");
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new PayloadDecodeException("bytes are not compressed by zlib", e);
    } finally {
      inflater.end();
    }
  }
}
