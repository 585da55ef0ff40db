package io.pyflow.codec.internal;

/** Texts as UTF-16 units, which is how SWF's limits are counted here. */
final class Unicode {
  private static final char REPLACEMENT = '\uFFFD';

  private Unicode() {}

  /** The index of the first surrogate without its partner, or -1. */
  static int firstLoneSurrogate(CharSequence text) {
    return loneSurrogateFrom(text, 0);
  }

  private static int loneSurrogateFrom(CharSequence text, int start) {
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** The text with U+FFFD for each surrogate that has no partner. */
  static String scrub(String text) {
    int first = firstLoneSurrogate(text);
    if (first < 0) {
      return text;
    }
    StringBuilder scrubbed = new StringBuilder(text);
    for (int lone = first; lone >= 0; lone = loneSurrogateFrom(scrubbed, lone)) {
      scrubbed.setCharAt(lone, REPLACEMENT);
    }
    return scrubbed.toString();
  }

  /** At most so many units, without half a character at the end. */
  static String prefix(String text, int units) {
    if (text.length() <= units) {
      return text;
    }
    boolean splits = units > 0 && Character.isHighSurrogate(text.charAt(units - 1));
    return text.substring(0, splits ? units - 1 : units);
  }

  /** At most so many units, the last one `…` if something is missing. */
  static String cut(String text, int units) {
    return text.length() <= units ? text : prefix(text, units - 1) + "…";
  }
}
