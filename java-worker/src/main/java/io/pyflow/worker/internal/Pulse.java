package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerHealth;
import io.pyflow.worker.WorkerHealth.Status;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Whether SWF can be reached, judged by the polls. Thread-safe. */
final class Pulse {
  /** Two polls and a half: a poll without a task takes a minute. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private final Scheduler clock;
  private final int slots;
  private final IntSupplier busy;
  private final BooleanSupplier quiet;
  private volatile long lastPoll;
  private volatile long pollingSince;

  Pulse(Scheduler clock, int slots, IntSupplier busy, BooleanSupplier quiet) {
    this.clock = clock;
    this.slots = slots;
    this.busy = busy;
    this.quiet = quiet;
    this.lastPoll = clock.nanos();
    this.pollingSince = lastPoll;
  }

  /** A poll ended well. */
  void polled() {
    lastPoll = clock.nanos();
    pollingSince = lastPoll;
  }

  /** A task is about to leave: if it held the last slot, nobody polled meanwhile. */
  void leaving() {
    if (busy.getAsInt() >= slots) {
      pollingSince = clock.nanos();
    }
  }

  WorkerHealth health() {
    int working = busy.getAsInt();
    long now = clock.nanos();
    boolean silent = now - pollingSince >= PATIENCE.toNanos() && working < slots;
    Status status =
        quiet.getAsBoolean() ? Status.DRAINING : silent ? Status.UNREACHABLE : Status.OK;
    return new WorkerHealth(status, slots, working, Duration.ofNanos(now - lastPoll));
  }
}
