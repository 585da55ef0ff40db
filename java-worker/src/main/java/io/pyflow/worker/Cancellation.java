package io.pyflow.worker;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a running activity should stop. Thread-safe.
 *
 * <p>Nothing is interrupted: an activity learns of it from {@link ActivityContext#heartbeat}, or by
 * asking here.
 */
public interface Cancellation {

  /**
   * Whether the activity should stop.
   *
   * @return true from the moment that a reason is known
   */
  default boolean isCanceled() {
    return reason().isPresent();
  }

  /**
   * Why the activity should stop; the first reason stays.
   *
   * @return the reason, if there is one
   */
  Optional<CancelReason> reason();

  /**
   * Waits until the activity should stop.
   *
   * @param limit the longest wait
   * @return whether it should stop
   * @throws InterruptedException if the waiting thread is interrupted
   */
  boolean await(Duration limit) throws InterruptedException;

  /**
   * Runs an action once the activity should stop, at once if it should already.
   *
   * @param action short; it runs on a thread of the worker
   */
  void onCancel(Runnable action);

  /**
   * Throws if the activity should stop.
   *
   * @throws ActivityCanceledException once there is a reason
   */
  default void check() {
    reason()
        .ifPresent(
            reason -> {
              throw new ActivityCanceledException(reason);
            });
  }
}
