package io.pyflow.worker.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The machine's clock. Four threads send the heartbeats of all running activities. */
public final class SystemScheduler implements Scheduler {
  private static final int THREADS = 4;

  private final Timers timers = new Timers(THREADS, "pyflow-heartbeat");
  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Alarm after(Duration delay, Runnable action) {
    try {
      Future<?> alarm = timers.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> alarm.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {}; // closed: nothing is to happen any more
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
    timers.shutdown();
  }
}
