package io.pyflow.worker.internal;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes pollers from thread to thread: the one that got a task runs it, and another goes on
 * polling if there is a slot. So no task changes threads, which would cost as much as all the rest
 * that is done for it.
 */
final class Relay {
  private static final Logger log = LoggerFactory.getLogger(Relay.class);

  private final Slots slots;
  private final Executor threads;
  private final Optional<? extends Executor> apart;
  private final Function<ActivityTask, Optional<ActivityRun>> admit;
  private final Consumer<ActivityRun> perform;

  /**
   * Threads of {@link WorkerThread} poll, and run the activities unless these have an executor
   * apart. A task that is not admitted has been answered.
   */
  Relay(
      Slots slots,
      Executor threads,
      Optional<? extends Executor> apart,
      Function<ActivityTask, Optional<ActivityRun>> admit,
      Consumer<ActivityRun> perform) {
    this.slots = slots;
    this.threads = threads;
    this.apart = apart;
    this.admit = admit;
    this.perform = perform;
  }

  /** Lets a poller poll, from now on, whenever there is a slot. */
  void start(Poller poller) {
    if (slots.take(poller) && !passed(poller)) {
      slots.putBack(poller);
    }
  }

  private boolean passed(Poller poller) {
    try {
      threads.execute(() -> work(poller));
      return true;
    } catch (RuntimeException | Error e) {
      log.error("there is no thread for a poll, which waits for the next that is free", e);
      return false;
    }
  }

  /** With a poller that has a slot. */
  private void work(Poller first) {
    for (Poller poller = first; poller != null; ) {
      poller = turn(poller);
    }
  }

  /** In a frame of its own: a task may be large, and the next poll long. */
  private @Nullable Poller turn(Poller poller) {
    Optional<ActivityRun> run = polled(poller);
    return run.isEmpty() ? slots.keep(poller) : run(run.get(), poller);
  }

  private Optional<ActivityRun> polled(Poller poller) {
    try {
      return slots.isClosed()
          ? Optional.empty()
          : WorkerThread.undisturbed(poller::poll).flatMap(admit);
    } catch (RuntimeException | Error e) {
      log.error("a poller stumbled and goes on", e);
      return Optional.empty();
    }
  }

  /** Runs an activity, and has its poller go on; returns the poller that this thread has next. */
  private @Nullable Poller run(ActivityRun run, Poller poller) {
    if (apart.isEmpty()) {
      start(poller);
      return performed(run);
    }
    apart.get().execute(() -> goOn(performed(run)));
    return slots.take(poller) ? poller : null;
  }

  private void goOn(@Nullable Poller poller) {
    if (poller != null && !passed(poller)) {
      work(poller);
    }
  }

  private @Nullable Poller performed(ActivityRun run) {
    try {
      perform.accept(run);
    } catch (RuntimeException | Error e) {
      log.error("{} ended in the worker itself", run, e);
    }
    return slots.release();
  }
}
