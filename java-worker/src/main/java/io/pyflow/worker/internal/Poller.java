package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerException;
import io.pyflow.worker.WorkerMetrics.PollOutcome;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls for one task at a time, with a slot in hand. It is never interrupted: the answer to an
 * interrupted poll would be thrown away with the task it carries.
 */
final class Poller implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Poller.class);
  private static final int REFUSALS = 5;
  private static final Duration HASTY = Duration.ofMillis(50);

  /** What a poller needs of its worker. */
  interface Desk {
    /** Takes over a task, and the slot taken for it. */
    void accept(ActivityTask task);

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
  private final Slots slots;
  private final Desk desk;
  private final Runnable ended;
  private final Backoff backoff = new Backoff();
  private int refusals;

  Poller(SwfGateway swf, WorkerSettings settings, Slots slots, Desk desk, Runnable ended) {
    this.swf = swf;
    this.domain = settings.domain();
    this.taskList = settings.taskList();
    this.slots = slots;
    this.desk = desk;
    this.ended = ended;
  }

  @Override
  public void run() {
    try {
      while (slots.take()) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.run();
    }
  }

  private void step() {
    boolean handedOver = false;
    try {
      long asked = System.nanoTime();
      Optional<ActivityTask> task = swf.poll(taskList);
      backoff.reset();
      refusals = 0;
      desk.polled(task.isPresent() ? PollOutcome.TASK : PollOutcome.EMPTY);
      if (task.isPresent()) {
        handedOver = true;
        desk.accept(task.get());
      } else if (System.nanoTime() - asked < HASTY.toNanos()) {
        desk.pause(HASTY); // not SWF, which holds an empty poll for a minute: don't run it down
      }
    } catch (SwfException e) {
      if (!desk.isQuiet()) {
        failed(e);
      }
    } catch (RuntimeException | Error e) {
      log.error("a poller stumbled and goes on", e);
      desk.pause(backoff.next());
    } finally {
      if (!handedOver) {
        slots.release();
      }
    }
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
