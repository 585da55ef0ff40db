package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pyflow.codec.PayloadConverter;
import io.pyflow.worker.Activities;
import io.pyflow.worker.Activity;
import io.pyflow.worker.WorkerException;
import io.pyflow.worker.WorkerMetrics.PollOutcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelayTest {
  private static final WorkerSettings SETTINGS =
      Workshops.settings(1, 1, Duration.ZERO, Duration.ZERO);

  private final FakeSwf swf = new FakeSwf();
  private final CountDownLatch left = new CountDownLatch(1);
  private final Slots slots = new Slots(1, left::countDown);
  private final ExecutorService threads = Threads.workers();
  private final ExecutorService apart = Executors.newCachedThreadPool(Threads.named("apart", true));
  private final Workshop shop =
      Workshops.of(
          new Names(),
          new Payloads(PayloadConverter.standard(), Map.of()),
          swf,
          new ManualScheduler(),
          new Statistics());

  /** Tells in which thread it is called. */
  @Activities(version = "1")
  public static final class Names {
    @Activity
    public String thread() {
      return Thread.currentThread().getName();
    }
  }

  private static final class Desk implements Poller.Desk {
    @Override
    public void polled(PollOutcome outcome) {}

    @Override
    public void pause(Duration time) {}

    @Override
    public boolean isQuiet() {
      return false;
    }

    @Override
    public void fail(WorkerException reason) {
      throw new AssertionError(reason);
    }
  }

  @AfterEach
  void end() {
    threads.shutdown();
    apart.shutdown();
  }

  private void start(Optional<ExecutorService> executor) {
    new Relay(
            slots,
            threads,
            executor,
            task -> Optional.of(new ActivityRun(task, shop)),
            ActivityRun::run)
        .start(new Poller(swf, SETTINGS, new Desk()));
  }

  private Outcome called() throws InterruptedException {
    swf.schedule("thread", null);
    return swf.nextAnswer().outcome();
  }

  private void assertPollerLeaves() throws InterruptedException {
    slots.close();
    swf.endPolls();
    left.await();
  }

  @Test
  void theThreadThatPolledRunsTheTask() throws Exception {
    start(Optional.empty());
    for (int i = 0; i < 3; i++) {
      assertThat(called()).isEqualTo(new Outcome.Completed("\"pyflow-activity-1\""));
    }
    assertPollerLeaves();
  }

  @Test
  void activitiesThatRunApartLeaveTheSlotToTheNextPoll() throws Exception {
    start(Optional.of(apart));
    for (int i = 0; i < 3; i++) {
      assertThat(((Outcome.Completed) called()).result()).startsWith("\"apart-");
    }
    assertPollerLeaves();
  }

  @Test
  void aPollerThatWaitsForASlotLeavesWithTheOthers() throws Exception {
    assertThat(slots.take(new Poller(swf, SETTINGS, new Desk()))).isTrue();
    start(Optional.empty());
    slots.close();
    left.await();
    assertThat(slots.release()).isNull();
    assertThat(swf.polls).hasValue(0);
  }
}
