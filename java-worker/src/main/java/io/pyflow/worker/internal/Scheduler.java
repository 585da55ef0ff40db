package io.pyflow.worker.internal;

import java.time.Duration;

/** The clock, and what is to happen later; tests move it by hand. */
public interface Scheduler extends AutoCloseable {

  /** Nanoseconds since some moment; only differences mean anything. */
  long nanos();

  /** Runs an action once after a delay, on a thread where it may block for a while. */
  Alarm after(Duration delay, Runnable action);

  /** Blocks for a while, less once {@link #close} was called. */
  void sleep(Duration time);

  @Override
  void close();

  /** An action that has yet to run. */
  interface Alarm {
    void cancel();
  }
}
