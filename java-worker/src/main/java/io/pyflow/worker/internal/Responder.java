package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerMetrics;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the answer of a task to SWF, through throttling and lost networks, for as long as SWF can
 * still be waiting for it.
 */
public final class Responder implements Answering {
  private static final Logger log = LoggerFactory.getLogger(Responder.class);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** What became of an answer. */
  public enum Delivery {
    DELIVERED,
    /** SWF has closed the task and needs none. */
    GONE,
    /** SWF finds out by a timeout. */
    LOST
  }

  private final SwfGateway swf;
  private final Scheduler scheduler;
  private final WorkerMetrics metrics;
  private volatile long lastChance = Long.MAX_VALUE;
  private volatile boolean hurried;

  public Responder(SwfGateway swf, Scheduler scheduler, WorkerMetrics metrics) {
    this.swf = swf;
    this.scheduler = scheduler;
    this.metrics = metrics;
  }

  /** The worker is about to end: answers that fail are tried again only for so long. */
  void hurry(Duration rest) {
    lastChance = scheduler.nanos() + rest.toNanos();
    hurried = true;
  }

  @Override
  public Delivery answer(
      String token, Object task, Outcome outcome, Optional<Duration> leftToClose) {
    long end = scheduler.nanos() + leftToClose.orElse(PATIENCE).toNanos();
    Backoff backoff = new Backoff();
    while (true) {
      try {
        send(token, task, outcome);
        return Delivery.DELIVERED;
      } catch (SwfException e) {
        switch (e.kind()) {
          case UNKNOWN -> {
            log.info("{} is closed in SWF, its answer is dropped", task);
            return Delivery.GONE;
          }
          case REFUSED -> {
            log.error("SWF refused the answer of {}: {}", task, e.getMessage());
            return Delivery.LOST;
          }
          case TRANSIENT -> {
            Duration wait = backoff.next();
            long next = scheduler.nanos() + wait.toNanos();
            if (next - end > 0 || (hurried && next - lastChance > 0)) {
              log.error("the answer of {} could not be delivered: {}", task, e.getMessage());
              return Delivery.LOST;
            }
            log.warn("the answer of {} is sent again in {}: {}", task, wait, e.getMessage());
            metrics.answerRetried();
            scheduler.sleep(wait);
          }
        }
      }
    }
  }

  private void send(String token, Object task, Outcome outcome) throws SwfException {
    if (outcome instanceof Outcome.Completed completed) {
      swf.complete(token, completed.result());
    } else if (outcome instanceof Outcome.Canceled canceled) {
      swf.cancel(token, canceled.details());
    } else if (outcome instanceof Outcome.Failed failed) {
      swf.fail(token, failed.reason(), failed.details());
    } else if (outcome instanceof Outcome.Dropped dropped) {
      log.info("{} is not answered: {}", task, dropped.why().word());
    } else if (outcome instanceof Outcome.Deferred) {
      log.info("{} left its answer to somebody else", task);
    }
  }
}
