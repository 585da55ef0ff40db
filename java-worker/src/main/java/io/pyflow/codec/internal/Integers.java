package io.pyflow.codec.internal;

import io.pyflow.codec.PayloadDecodeException;
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

  /** Refuses a text of too many digits before it costs anything. */
  static void checkDigits(String digits) {
    if (digits.length() - (digits.startsWith("-") ? 1 : 0) > DIGITS) {
      throw new PayloadDecodeException("an integer has more than 1000 digits");
    }
  }
}
