package io.pyflow.worker.internal;

import io.pyflow.worker.HeartbeatMode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What tells that a task is alive. */
public interface Heart {

  /** From now on the heartbeat timeout counts. */
  void start();

  /** The activity is alive, and this is how far it is. */
  void beat(@Nullable String newest);

  /** The task is about to be answered. */
  void stop();

  /** Makes the heart of a task. */
  @FunctionalInterface
  interface Maker {
    Heart of(
        ActivityTask task,
        TaskCancellation cancellation,
        HeartbeatMode mode,
        Optional<Duration> timeout);
  }
}
