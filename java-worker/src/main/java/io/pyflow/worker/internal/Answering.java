package io.pyflow.worker.internal;

import java.time.Duration;
import java.util.Optional;

/** Where answers go. */
@FunctionalInterface
public interface Answering {

  /**
   * Answers a task.
   *
   * @param task says which, in the log
   * @param leftToClose what is left of the start-to-close timeout, if that is known
   */
  Responder.Delivery answer(
      String token, Object task, Outcome outcome, Optional<Duration> leftToClose);
}
