package io.pyflow.worker.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The machine's clock. Four threads send the heartbeats of all running activities. */
public final class SystemScheduler implements Scheduler {
  private static final int THREADS = 4;

  /** Half of the shortest interval between two heartbeats. */
  private static final Duration GUARD = Duration.ofMillis(100);

  private final AtomicBoolean guarded = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor executor;
  private final CountDownLatch closed = new CountDownLatch(1);

  public SystemScheduler() {
    executor = new ScheduledThreadPoolExecutor(THREADS, Threads.named("pyflow-heartbeat", true));
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Alarm after(Duration delay, Runnable action) {
    try {
      guard(delay);
      Future<?> alarm = executor.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> alarm.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {}; // closed: nothing is to happen any more
    }
  }

  /**
   * An alarm that is the next of all wakes a thread up to wait for it, which a short activity would
   * pay for as dearly as for its answer. So another one, which does nothing, is always earlier.
   */
  private void guard(Duration delay) {
    if (delay.compareTo(GUARD) > 0 && guarded.compareAndSet(false, true)) {
      executor.schedule(() -> guarded.set(false), GUARD.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void sleep(Duration time) {
    try {
      closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    executor.shutdown();
  }
}
