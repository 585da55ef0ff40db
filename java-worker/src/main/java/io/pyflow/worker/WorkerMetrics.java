package io.pyflow.worker;

import java.time.Duration;
import java.util.Locale;

/**
 * Hears of what a worker does, to feed a registry such as Micrometer's. Thread-safe, and quick: it
 * is called on the threads that work. What it throws is logged.
 */
public interface WorkerMetrics {

  /** How a task ended. */
  enum TaskOutcome {
    /** Answered with a result. */
    COMPLETED,
    /** Answered with a failure. */
    FAILED,
    /** Answered canceled, as the decider asked. */
    CANCELED,
    /** Not answered, or in vain: SWF has given up the task. */
    DROPPED,
    /** Failed with {@code pyflow.WorkerShutdown}, for another worker to take. */
    HANDED_BACK,
    /** Left to somebody who has the task token. */
    DEFERRED;

    /**
     * The word for it in the metrics of every language.
     *
     * @return such as {@code handed_back}
     */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How a poll ended. */
  enum PollOutcome {
    /** With a task. */
    TASK,
    /** Without one, after about a minute. */
    EMPTY,
    /** Not at all well; it is repeated. */
    FAILED;

    /**
     * The word for it in the metrics of every language.
     *
     * @return such as {@code empty}
     */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A task ended.
   *
   * @param activity the name of its type
   * @param outcome how
   * @param time from its arrival to its answer
   */
  default void taskEnded(String activity, TaskOutcome outcome, Duration time) {}

  /**
   * A poll ended.
   *
   * @param outcome how
   */
  default void pollEnded(PollOutcome outcome) {}

  /**
   * A heartbeat ended.
   *
   * @param sent whether SWF took it
   */
  default void heartbeatEnded(boolean sent) {}

  /** An answer did not arrive and is sent again. */
  default void answerRetried() {}

  /**
   * A task came or went.
   *
   * @param busy how many activities run now
   * @param slots how many may
   */
  default void slotsChanged(int busy, int slots) {}
}
