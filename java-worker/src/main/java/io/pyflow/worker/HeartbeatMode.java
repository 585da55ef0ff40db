package io.pyflow.worker;

/** Who sends the heartbeats of an activity. */
public enum HeartbeatMode {
  /**
   * The worker does, whether or not the activity calls {@link ActivityContext#heartbeat}. SWF tells
   * of a cancel request only in answer to a heartbeat, so this is the default; start-to-close still
   * bounds an activity that hangs.
   */
  AUTO,
  /** Only the activity does, so SWF notices when it hangs. */
  MANUAL
}
