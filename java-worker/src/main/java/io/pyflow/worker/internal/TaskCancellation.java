package io.pyflow.worker.internal;

import io.pyflow.worker.CancelReason;
import io.pyflow.worker.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cancellation of one task: the first reason wins. */
public final class TaskCancellation implements Cancellation {
  private static final Logger log = LoggerFactory.getLogger(TaskCancellation.class);

  private final AtomicReference<CancelReason> reason = new AtomicReference<>();
  private final CountDownLatch canceled = new CountDownLatch(1);
  private final List<Runnable> actions = new ArrayList<>();

  public void cancel(CancelReason why) {
    List<Runnable> toRun;
    synchronized (actions) {
      if (!reason.compareAndSet(null, why)) {
        return;
      }
      toRun = List.copyOf(actions);
    }
    canceled.countDown();
    toRun.forEach(TaskCancellation::run);
  }

  @Override
  public Optional<CancelReason> reason() {
    return Optional.ofNullable(reason.get());
  }

  @Override
  public boolean await(Duration limit) throws InterruptedException {
    return canceled.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onCancel(Runnable action) {
    synchronized (actions) {
      if (reason.get() == null) {
        actions.add(action);
        return;
      }
    }
    run(action);
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | StackOverflowError e) {
      log.warn("an action on cancellation failed", e);
    }
  }
}
