package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerException;
import io.pyflow.worker.WorkerMetrics.PollOutcome;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls for one task at a time, in whatever thread has it and a slot (see {@link Relay}). */
final class Poller {
  private static final Logger log = LoggerFactory.getLogger(Poller.class);
  private static final int REFUSALS = 5;
  private static final Duration HASTY = Duration.ofMillis(50);

  /** What a poller needs of its worker. */
  interface Desk {
    /** Hears how a poll ended. */
    void polled(PollOutcome outcome);

    /** Waits after a failed poll, until there is nothing more to poll for. */
    void pause(Duration time);

    boolean isQuiet();

    void fail(WorkerException reason);
  }

  private final SwfGateway swf;
  private final String domain;
  private final String taskList;
  private final Desk desk;
  private final Backoff backoff = new Backoff();
  private int refusals;

  Poller(SwfGateway swf, WorkerSettings settings, Desk desk) {
    this.swf = swf;
    this.domain = settings.domain();
    this.taskList = settings.taskList();
    this.desk = desk;
  }

  /** The task that a poll brought; none after a pause where it failed. */
  Optional<ActivityTask> poll() {
    try {
      long asked = System.nanoTime();
      Optional<ActivityTask> task = swf.poll(taskList);
      backoff.reset();
      refusals = 0;
      desk.polled(task.isPresent() ? PollOutcome.TASK : PollOutcome.EMPTY);
      if (task.isEmpty() && System.nanoTime() - asked < HASTY.toNanos()) {
        desk.pause(HASTY); // not SWF, which holds an empty poll for a minute: don't run it down
      }
      return task;
    } catch (SwfException e) {
      if (!desk.isQuiet()) {
        failed(e);
      }
    } catch (RuntimeException | Error e) {
      log.error("a poller stumbled and goes on", e);
      desk.pause(backoff.next());
    }
    return Optional.empty();
  }

  private void failed(SwfException e) {
    desk.polled(PollOutcome.FAILED);
    if (e.kind() != SwfException.Kind.TRANSIENT && ++refusals >= REFUSALS) {
      desk.fail(
          new WorkerException(
              "SWF at %s refuses to be polled for task list %s of domain '%s': %s"
                  .formatted(swf.endpoint(), taskList, domain, e.getMessage()),
              e));
      return;
    }
    log.warn("a poll for task list {} failed, trying again: {}", taskList, e.getMessage());
    desk.pause(backoff.next());
  }
}
