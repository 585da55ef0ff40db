package io.pyflow.codec.internal;

import java.math.BigInteger;

/** Integers of at most 1,000 digits: Long where it fits, BigInteger beyond. */
final class Integers {
  static final int DIGITS = 1_000;
  private static final BigInteger TOO_LARGE = BigInteger.TEN.pow(DIGITS);

  private Integers() {}

  static Object normal(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  static boolean tooLong(BigInteger value) {
    return value.abs().compareTo(TOO_LARGE) >= 0;
  }

  /** Whether a text has too many digits, before it costs anything. */
  static boolean tooLong(String digits) {
    return digits.length() - (digits.startsWith("-") ? 1 : 0) > DIGITS;
  }
}
