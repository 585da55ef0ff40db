package io.pyflow.worker.internal;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Daemon threads for alarms that mostly are canceled before they ring: a canceled one is forgotten,
 * and a set one wakes nobody.
 *
 * <p>An alarm that is the next of all wakes a thread up to wait for it, which a short activity
 * would pay for as dearly as for its answer. So another one, which does nothing, is always earlier.
 */
final class Timers extends ScheduledThreadPoolExecutor {
  /** Half of the shortest interval between two heartbeats. */
  private static final Duration GUARD = Duration.ofMillis(100);

  private final AtomicBoolean guarded = new AtomicBoolean();

  Timers(int threads, String name) {
    super(threads, Threads.named(name, true));
    setRemoveOnCancelPolicy(true);
    setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
    if (unit.toNanos(delay) > GUARD.toNanos() && guarded.compareAndSet(false, true)) {
      super.schedule(() -> guarded.set(false), GUARD.toNanos(), TimeUnit.NANOSECONDS);
    }
    return super.schedule(action, delay, unit);
  }
}
