package io.pyflow.codec.internal;

import io.pyflow.codec.PayloadDecodeException;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decimals of at most 1,000 digits and an exponent of at most 6,144 either way. */
final class Decimals {
  private static final int DIGITS = 1_000;
  private static final int EXPONENT = 6_144;
  private static final Pattern FORM =
      Pattern.compile("-?([0-9]+)(?:\\.([0-9]+))?(?:[Ee][+-]?[0-9]{1,6})?");

  private Decimals() {}

  static boolean inRange(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.precision() <= DIGITS && Math.abs((long) stripped.scale()) <= EXPONENT;
  }

  /** For xjson: with its scale, unless that makes it longer than readers take. */
  static String write(BigDecimal value) {
    boolean modest = value.precision() <= DIGITS && Math.abs((long) value.scale()) <= EXPONENT;
    String text = (modest ? value : value.stripTrailingZeros()).toString();
    return digits(text) <= DIGITS ? text : canonical(value);
  }

  /** For msgpack: one text for each number. */
  static String canonical(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    String digits = stripped.unscaledValue().toString();
    return stripped.scale() == 0 ? digits : digits + "E" + -stripped.scale();
  }

  static BigDecimal read(String text) {
    if (digits(text) > DIGITS) {
      throw new PayloadDecodeException("a decimal has more than 1000 digits");
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new PayloadDecodeException("'" + Unicode.cut(text, 60) + "' is no decimal like 1.10");
    }
    BigDecimal value = new BigDecimal(text);
    if (!inRange(value)) {
      throw new PayloadDecodeException("decimal " + Unicode.cut(text, 60) + " is out of range");
    }
    return value;
  }

  private static int digits(String text) {
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 'e' || c == 'E') {
        break;
      }
      if (c != '-' && c != '.') {
        count++;
      }
    }
    return count;
  }
}
