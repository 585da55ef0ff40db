package io.pyflow.codec.internal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Instants of the years 1 to 9999, to the nanosecond. */
final class Timestamps {
  static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
              + "(?:\\.([0-9]{3}|[0-9]{6}|[0-9]{9}))?Z");

  private Timestamps() {}

  static boolean inRange(Instant time) {
    return !time.isBefore(FIRST) && !time.isAfter(LAST);
  }

  /** As 0, 3, 6 or 9 digits after the second, which is what {@code ISO_INSTANT} does. */
  static String write(Instant time) {
    return DateTimeFormatter.ISO_INSTANT.format(time);
  }

  /** The instant of a text; empty for what is no timestamp. */
  static Optional<Instant> read(@Nullable Object text) {
    Matcher parts = FORM.matcher(text instanceof String written ? written : "");
    if (!parts.matches()) {
      return Optional.empty();
    }
    String fraction = parts.group(7) == null ? "" : parts.group(7);
    int nanos = Integer.parseInt((fraction + "000000000").substring(0, 9));
    try {
      Instant time =
          LocalDateTime.of(
                  number(parts, 1),
                  number(parts, 2),
                  number(parts, 3),
                  number(parts, 4),
                  number(parts, 5),
                  number(parts, 6),
                  nanos)
              .toInstant(ZoneOffset.UTC);
      return Optional.of(time).filter(Timestamps::inRange);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  /** Of a msgpack timestamp, which stands somewhere; seconds and nanoseconds may be anything. */
  static Instant of(long seconds, long nanos, String where) {
    if (nanos > 999_999_999
        || seconds < FIRST.getEpochSecond()
        || seconds > LAST.getEpochSecond()) {
      throw Refusal.MSGPACK_INSTANT.with(seconds, nanos, where);
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }
}
