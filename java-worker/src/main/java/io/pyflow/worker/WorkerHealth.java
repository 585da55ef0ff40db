package io.pyflow.worker;

import java.time.Duration;
import java.util.Locale;

/**
 * How a worker is.
 *
 * @param status in a word
 * @param slots how many activities may run at a time
 * @param busy how many run
 * @param sincePoll since a poll ended well, or else since the start
 */
public record WorkerHealth(Status status, int slots, int busy, Duration sincePoll) {

  /** How a worker is, in a word. */
  public enum Status {
    /** It works. */
    OK,
    /** It takes no more tasks. */
    DRAINING,
    /** It had a free slot for 150 seconds, and no poll ended well. */
    UNREACHABLE;

    /**
     * The word for it that workers in every language use.
     *
     * @return such as {@code draining}
     */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
