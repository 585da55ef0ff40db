package io.pyflow.codec.internal;

import java.math.BigDecimal;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  /** The number of a text, which stands somewhere. */
  static BigDecimal read(@Nullable Object text, Supplier<String> where) {
    if (!(text instanceof String digits) || !FORM.matcher(digits).matches()) {
      throw Refusal.DECIMAL.with(Shown.value(text), where.get());
    }
    if (digits(digits) <= DIGITS) {
      BigDecimal value = new BigDecimal(digits);
      if (inRange(value)) {
        return value;
      }
    }
    throw Refusal.DECIMAL_LIMITS.with(Shown.value(text), where.get());
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
