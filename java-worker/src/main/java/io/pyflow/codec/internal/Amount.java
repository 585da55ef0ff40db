package io.pyflow.codec.internal;

import java.util.Arrays;

/**
 * How many values bytes hold, seen before anything is made of them: a few kilobytes of zlib can be
 * millions of empty arrays. Source: protocol/payload.md, "Codecs".
 */
final class Amount {
  /** Values, keys included, that bytes may hold. */
  static final int LIMIT = 1_000_000;

  /** Header byte to the bytes until the next header; 0 where a length has to be read. */
  private static final int[] STEPS = steps();

  private Amount() {}

  /** The bytes, refused where they hold too many values. */
  static byte[] checked(String coding, byte[] bytes) {
    if (isBeyond(coding, bytes, LIMIT)) {
      throw Refusal.VALUES.with();
    }
    return bytes;
  }

  /** Whether a reader would let these bytes come out of a codec or a store, and read them. */
  static boolean isReadable(String coding, byte[] bytes) {
    return bytes.length <= Zlib.LARGEST && !isBeyond(coding, bytes, LIMIT);
  }

  /** Whether there are more values than so many. */
  static boolean isBeyond(String coding, byte[] bytes, int limit) {
    if (bytes.length <= limit) { // a value takes a byte at least
      return false;
    }
    return coding.equals("msgpack") ? headersAreBeyond(bytes, limit) : jsonIsBeyond(bytes, limit);
  }

  private static boolean headersAreBeyond(byte[] bytes, int limit) {
    long at = 0;
    for (int count = 0; count < limit; count++) {
      if (at >= bytes.length) {
        return false;
      }
      int step = STEPS[bytes[(int) at] & 0xff];
      at += step > 0 ? step : longStep(bytes, (int) at);
    }
    return at < bytes.length;
  }

  /** Of bytes, extensions and texts whose length is one, two or four bytes. */
  private static long longStep(byte[] bytes, int at) {
    int head = bytes[at] & 0xff;
    boolean isExtension = head >= 0xc7 && head <= 0xc9;
    int width = 1 << (head - (head >= 0xd9 ? 0xd9 : isExtension ? 0xc7 : 0xc4));
    long length = 0;
    for (int i = at + 1; i <= at + width && i < bytes.length; i++) {
      length = length << 8 | bytes[i] & 0xff;
    }
    return 1 + width + (isExtension ? 1 : 0) + length;
  }

  private static boolean jsonIsBeyond(byte[] bytes, int limit) {
    int count = 0;
    int at = 0;
    while (at < bytes.length) {
      byte head = bytes[at];
      if (isBetween(head)) {
        at++;
        continue;
      }
      if (++count > limit) {
        return true;
      }
      at =
          head == '"'
              ? afterText(bytes, at)
              : head == '[' || head == '{' ? at + 1 : afterScalar(bytes, at);
    }
    return false;
  }

  private static int afterText(byte[] bytes, int start) {
    int at = start + 1;
    while (at < bytes.length && bytes[at] != '"') {
      at += width(bytes, at);
    }
    return at + 1;
  }

  private static int afterScalar(byte[] bytes, int start) {
    int at = start;
    while (at < bytes.length && !isBetween(bytes[at]) && !isBeginning(bytes[at])) {
      at += width(bytes, at);
    }
    return at;
  }

  /** A backslash hides what is behind it, wherever it stands, if that is one too, or a quote. */
  private static int width(byte[] bytes, int at) {
    boolean hides = bytes[at] == '\\' && at + 1 < bytes.length;
    return hides && (bytes[at + 1] == '\\' || bytes[at + 1] == '"') ? 2 : 1;
  }

  private static boolean isBeginning(byte one) {
    return one == '"' || one == '[' || one == '{';
  }

  private static boolean isBetween(byte one) {
    return one == ','
        || one == ':'
        || one == ']'
        || one == '}'
        || one == ' '
        || one >= '\t' && one <= '\r';
  }

  private static int[] steps() {
    int[] steps = new int[256];
    Arrays.fill(steps, 1);
    for (int head = 0xa0; head < 0xc0; head++) { // texts
      steps[head] = head - 0x9f;
    }
    for (int head : new int[] {0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xd9, 0xda, 0xdb}) {
      steps[head] = 0;
    }
    for (int power = 0; power < 4; power++) {
      steps[0xcc + power] = steps[0xd0 + power] = 1 + (1 << power); // integers
    }
    for (int power = 0; power < 5; power++) {
      steps[0xd4 + power] = 2 + (1 << power); // extensions of a fixed size
    }
    steps[0xca] = 5;
    steps[0xcb] = 9;
    steps[0xdc] = steps[0xde] = 3; // arrays and maps
    steps[0xdd] = steps[0xdf] = 5;
    return steps;
  }
}
