package io.pyflow.worker;

/** Why an activity should stop. */
public enum CancelReason {
  /** The decider asked for it: ending with {@link ActivityCanceledException} tells SWF so. */
  REQUESTED("requested"),
  /** SWF has closed the task, by a timeout or with its workflow: no answer is wanted any more. */
  GONE("gone"),
  /** No heartbeat got through for the heartbeat timeout, so SWF has surely given up the task. */
  HEARTBEAT_LOST("heartbeat_lost"),
  /** The worker's grace period is over: the task fails with {@code pyflow.WorkerShutdown}. */
  WORKER_SHUTDOWN("worker_shutdown");

  private final String word;

  CancelReason(String word) {
    this.word = word;
  }

  /**
   * The word for it that workers in every language use.
   *
   * @return such as {@code heartbeat_lost}
   */
  public String word() {
    return word;
  }
}
