package io.pyflow.worker.internal;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the answer of a task to SWF, through throttling and lost networks, for as long as SWF can
 * still be waiting for it.
 */
final class Responder {
  private static final Logger log = LoggerFactory.getLogger(Responder.class);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final SwfGateway swf;
  private final Scheduler scheduler;
  private volatile long lastChance = Long.MAX_VALUE;
  private volatile boolean hurried;

  Responder(SwfGateway swf, Scheduler scheduler) {
    this.swf = swf;
    this.scheduler = scheduler;
  }

  /** The worker is about to end: answers that fail are tried again only for so long. */
  void hurry(Duration rest) {
    lastChance = scheduler.nanos() + rest.toNanos();
    hurried = true;
  }

  /**
   * Answers a task; false if the answer could not be delivered, which SWF then finds out by a
   * timeout. A task that is gone needs no answer.
   *
   * @param leftToClose what is left of the start-to-close timeout, if that is known
   */
  boolean answer(ActivityTask task, Outcome outcome, Optional<Duration> leftToClose) {
    long end = scheduler.nanos() + leftToClose.orElse(PATIENCE).toNanos();
    Backoff backoff = new Backoff();
    while (true) {
      try {
        send(task, outcome);
        return true;
      } catch (SwfException e) {
        switch (e.kind()) {
          case UNKNOWN -> {
            log.info("{} is closed in SWF, its answer is dropped", task);
            return true;
          }
          case REFUSED -> {
            log.error("SWF refused the answer of {}: {}", task, e.getMessage());
            return false;
          }
          case TRANSIENT -> {
            Duration wait = backoff.next();
            long next = scheduler.nanos() + wait.toNanos();
            if (next - end > 0 || (hurried && next - lastChance > 0)) {
              log.error("the answer of {} could not be delivered: {}", task, e.getMessage());
              return false;
            }
            log.warn("the answer of {} is sent again in {}: {}", task, wait, e.getMessage());
            scheduler.sleep(wait);
          }
        }
      }
    }
  }

  private void send(ActivityTask task, Outcome outcome) throws SwfException {
    String token = task.taskToken();
    if (outcome instanceof Outcome.Completed completed) {
      swf.complete(token, completed.result());
    } else if (outcome instanceof Outcome.Canceled canceled) {
      swf.cancel(token, canceled.details());
    } else if (outcome instanceof Outcome.Failed failed) {
      swf.fail(token, failed.reason(), failed.details());
    } else if (outcome instanceof Outcome.Dropped dropped) {
      log.info("{} is not answered: {}", task, dropped.why());
    }
  }
}
