package io.pyflow.worker;

import java.time.Duration;
import java.util.Optional;

/**
 * What an activity type is registered with, beside its name and version. Immutable.
 *
 * <p>A timeout that is not given is registered as SWF's {@code NONE}. Timeouts are whole seconds.
 *
 * @param description what the activity does
 * @param taskList the default task list; the worker's own if not given
 * @param scheduleToStart how long a task may wait for a worker
 * @param startToClose how long one attempt may take
 * @param scheduleToClose how long a task may take in all
 * @param heartbeatTimeout how long SWF waits for the next heartbeat
 * @param heartbeat who sends heartbeats
 */
public record ActivityOptions(
    Optional<String> description,
    Optional<String> taskList,
    Optional<Duration> scheduleToStart,
    Optional<Duration> startToClose,
    Optional<Duration> scheduleToClose,
    Optional<Duration> heartbeatTimeout,
    HeartbeatMode heartbeat) {

  private static final long LONGEST = 99_999_999;

  /** Refuses timeouts that SWF cannot hold. */
  public ActivityOptions {
    check("schedule-to-start timeout", scheduleToStart);
    check("start-to-close timeout", startToClose);
    check("schedule-to-close timeout", scheduleToClose);
    check("heartbeat timeout", heartbeatTimeout);
  }

  /**
   * No timeouts, the worker's task list, automatic heartbeats.
   *
   * @return the options to start from
   */
  public static ActivityOptions defaults() {
    return new ActivityOptions(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        HeartbeatMode.AUTO);
  }

  /**
   * The same with another description.
   *
   * @param value at most 1,024 characters
   * @return new options
   */
  public ActivityOptions withDescription(String value) {
    return new ActivityOptions(
        Optional.of(value),
        taskList,
        scheduleToStart,
        startToClose,
        scheduleToClose,
        heartbeatTimeout,
        heartbeat);
  }

  /**
   * The same with another default task list.
   *
   * @param value at most 256 characters
   * @return new options
   */
  public ActivityOptions withTaskList(String value) {
    return new ActivityOptions(
        description,
        Optional.of(value),
        scheduleToStart,
        startToClose,
        scheduleToClose,
        heartbeatTimeout,
        heartbeat);
  }

  /**
   * The same with another schedule-to-start timeout.
   *
   * @param value whole seconds
   * @return new options
   */
  public ActivityOptions withScheduleToStart(Duration value) {
    return new ActivityOptions(
        description,
        taskList,
        Optional.of(value),
        startToClose,
        scheduleToClose,
        heartbeatTimeout,
        heartbeat);
  }

  /**
   * The same with another start-to-close timeout.
   *
   * @param value whole seconds
   * @return new options
   */
  public ActivityOptions withStartToClose(Duration value) {
    return new ActivityOptions(
        description,
        taskList,
        scheduleToStart,
        Optional.of(value),
        scheduleToClose,
        heartbeatTimeout,
        heartbeat);
  }

  /**
   * The same with another schedule-to-close timeout.
   *
   * @param value whole seconds
   * @return new options
   */
  public ActivityOptions withScheduleToClose(Duration value) {
    return new ActivityOptions(
        description,
        taskList,
        scheduleToStart,
        startToClose,
        Optional.of(value),
        heartbeatTimeout,
        heartbeat);
  }

  /**
   * The same with another heartbeat timeout.
   *
   * @param value whole seconds
   * @return new options
   */
  public ActivityOptions withHeartbeatTimeout(Duration value) {
    return new ActivityOptions(
        description,
        taskList,
        scheduleToStart,
        startToClose,
        scheduleToClose,
        Optional.of(value),
        heartbeat);
  }

  /**
   * The same with another sender of heartbeats.
   *
   * @param value automatic or manual
   * @return new options
   */
  public ActivityOptions withHeartbeat(HeartbeatMode value) {
    return new ActivityOptions(
        description,
        taskList,
        scheduleToStart,
        startToClose,
        scheduleToClose,
        heartbeatTimeout,
        value);
  }

  private static void check(String what, Optional<Duration> timeout) {
    timeout.ifPresent(
        value -> {
          if (value.isNegative() || value.getNano() != 0 || value.getSeconds() > LONGEST) {
            throw new IllegalArgumentException(
                "%s %s is not a whole number of seconds from 0 to 99999999".formatted(what, value));
          }
        });
  }
}
