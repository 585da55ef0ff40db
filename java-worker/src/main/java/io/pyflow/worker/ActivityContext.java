package io.pyflow.worker;

import io.pyflow.worker.internal.CurrentActivity;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a running activity talks to. Thread-safe: an activity may hand it to threads of its own,
 * where {@link #current()} does not know it.
 */
public interface ActivityContext {

  /**
   * The context of the activity that this thread runs.
   *
   * @return the context
   * @throws IllegalStateException on a thread that runs no activity
   */
  static ActivityContext current() {
    return CurrentActivity.get()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no activity runs on thread "
                        + Thread.currentThread().getName()
                        + ": pass its ActivityContext along"));
  }

  /**
   * What is known of the task.
   *
   * @return ids, type and headers
   */
  ActivityInfo info();

  /**
   * Tells SWF that the activity is alive, without details.
   *
   * @throws ActivityCanceledException once the activity should stop
   */
  default void heartbeat() {
    heartbeat(null);
  }

  /**
   * Tells SWF that the activity is alive. Call it as often as you like: the first is sent at once,
   * then at most one for each 0.4 of the heartbeat timeout (0.2 s to 30 s; 10 s if the timeout is
   * not known), always with the newest details. Sending never blocks and never fails the activity.
   *
   * @param details any value of the contract; over 2,048 characters they are compressed, or dropped
   * @throws ActivityCanceledException once the activity should stop
   * @throws io.pyflow.codec.PayloadEncodeException if the details have no place in the contract
   */
  void heartbeat(@Nullable Object details);

  /**
   * The details of the last heartbeat of the attempt that timed out, to go on from there; empty in
   * a first attempt, and where the decider does not send them.
   *
   * @param type what they are read as, such as a record
   * @param <T> what they are read as
   * @return the details, if there are any
   * @throws io.pyflow.codec.ArgumentException if they don't fit the type
   */
  <T> Optional<T> lastHeartbeat(Class<T> type);

  /**
   * Leaves the answer to somebody who has the task token, with an {@link ActivityCompletion}. What
   * the activity returns then is ignored, its slot is free again, and no heartbeat is sent for it
   * any more; what it throws still fails the task.
   *
   * @return the task token, to hand over
   */
  String completeLater();

  /**
   * Whether the answer was left to somebody else.
   *
   * @return true after {@link #completeLater}
   */
  boolean isDeferred();

  /**
   * Whether the activity should stop, and why.
   *
   * @return the cancellation of this task
   */
  Cancellation cancellation();

  /**
   * Waits, but no longer than until the activity should stop.
   *
   * @param time how long
   * @throws ActivityCanceledException once the activity should stop
   * @throws InterruptedException if the waiting thread is interrupted
   */
  default void sleep(Duration time) throws InterruptedException {
    cancellation().await(time);
    cancellation().check();
  }

  /**
   * Whether the worker is stopping: an activity that can stop early and be tried again may do so.
   *
   * @return true once the worker takes no more tasks
   */
  boolean isWorkerStopping();
}
