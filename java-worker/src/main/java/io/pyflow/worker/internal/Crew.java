package io.pyflow.worker.internal;

import io.pyflow.worker.CancelReason;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Who is at work: the pollers whose polls are in flight, and the activities that run. */
final class Crew {
  private final Set<ActivityRun> running = new LinkedHashSet<>();
  private int pollers;
  private boolean closed;
  private int abandoned;
  private boolean hurried;
  private boolean everHurried;

  synchronized void pollerCame() {
    pollers++;
  }

  /** Lets a task in, unless there is no time left to run it. */
  synchronized boolean admit(ActivityRun run) {
    return !closed && running.add(run);
  }

  synchronized void left(ActivityRun run, ActivityRun.End end) {
    running.remove(run);
    count(end);
    notifyAll();
  }

  synchronized void left(ActivityRun run) {
    running.remove(run);
    notifyAll();
  }

  synchronized void count(ActivityRun.End end) {
    if (end != ActivityRun.End.ANSWERED) {
      abandoned++;
    }
  }

  synchronized void pollerLeft() {
    pollers--;
    notifyAll();
  }

  /** Lets nobody in from now on, and asks those who are there to stop. */
  void dismiss() {
    List<ActivityRun> there;
    synchronized (this) {
      closed = true;
      there = List.copyOf(running);
    }
    there.forEach(run -> run.cancel(CancelReason.WORKER_SHUTDOWN));
  }

  synchronized List<ActivityRun> running() {
    return List.copyOf(running);
  }

  /** How many tasks were given up: answered with a shutdown, or not at all. */
  synchronized int abandoned() {
    return abandoned;
  }

  /** Ends the wait that somebody is in, or else the next. */
  synchronized void hurry() {
    hurried = true;
    everHurried = true;
    notifyAll();
  }

  /** Whether somebody ever was in a hurry. */
  synchronized boolean isHurried() {
    return everHurried;
  }

  /** How many activities run. */
  synchronized int size() {
    return running.size();
  }

  synchronized int pollers() {
    return pollers;
  }

  boolean awaitAll(Duration limit) {
    return await(limit, () -> running.isEmpty() && pollers == 0);
  }

  boolean awaitActivities(Duration limit) {
    return await(limit, running::isEmpty);
  }

  boolean awaitPollers(Duration limit) {
    return await(limit, () -> pollers == 0);
  }

  private synchronized boolean await(Duration limit, BooleanSupplier gone) {
    long end = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    while (!gone.getAsBoolean() && !hurried) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        wait(left / 1_000_000 + 1);
      } catch (InterruptedException e) {
        interrupted = true; // a drain is not cut short: tasks would be lost
      }
    }
    hurried = false;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return gone.getAsBoolean();
  }
}
