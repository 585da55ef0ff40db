package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pyflow.worker.WorkerException;
import io.pyflow.worker.WorkerMetrics.PollOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollerTest {
  private final FakeSwf swf = new FakeSwf();
  private final List<Duration> pauses = new ArrayList<>();
  private final List<PollOutcome> outcomes = new ArrayList<>();

  private final Poller.Desk desk =
      new Poller.Desk() {
        @Override
        public void polled(PollOutcome outcome) {
          outcomes.add(outcome);
        }

        @Override
        public void pause(Duration time) {
          pauses.add(time);
        }

        @Override
        public boolean isQuiet() {
          return false;
        }

        @Override
        public void fail(WorkerException reason) {
          throw new AssertionError(reason);
        }
      };

  @Test
  void pollsThatFailAreRepeatedAfterAPauseThatDoublesWithJitter() {
    for (int i = 0; i < 12; i++) {
      swf.pollTroubles.add(FakeSwf.trouble(SwfException.Kind.TRANSIENT));
    }
    swf.schedule("echo", "7");
    WorkerSettings settings = Workshops.settings(1, 1, Duration.ZERO, Duration.ZERO);
    Poller poller = new Poller(swf, settings, desk);
    for (int i = 0; i < 12; i++) {
      assertThat(poller.poll()).isEmpty();
    }
    assertThat(poller.poll()).contains(FakeSwf.task("echo", "7"));
    assertThat(pauses).hasSize(12);
    for (int i = 0; i < 12; i++) {
      long longest = Math.min(30_000, 100L << i);
      assertThat(pauses.get(i)).isBetween(Duration.ZERO, Duration.ofMillis(longest));
    }
    assertThat(outcomes)
        .hasSize(13)
        .startsWith(PollOutcome.FAILED)
        .endsWith(PollOutcome.FAILED, PollOutcome.TASK);
  }
}
