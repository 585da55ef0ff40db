package io.pyflow.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pyflow.worker.Activities;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityCanceledException;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ApplicationFailure;
import io.pyflow.worker.CancelReason;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ActivityEnvironmentTest {
  public record Order(String id, BigDecimal amount) {}

  public record Receipt(String id, BigDecimal amount, int attempt) {}

  public record Progress(int done) {}

  @Activities(version = "1")
  public static class Cards {
    @Activity
    public Receipt charge(Order order, ActivityContext context) {
      if (order.amount().signum() <= 0) {
        throw ApplicationFailure.nonRetryable("BadAmount", "nothing to charge");
      }
      return new Receipt(order.id(), order.amount(), context.info().attempt().orElse(0));
    }

    @Activity
    public int count(int upTo, ActivityContext context) {
      int done = context.lastHeartbeat(Progress.class).map(Progress::done).orElse(0);
      try {
        while (done < upTo) {
          done++;
          context.heartbeat(new Progress(done));
        }
      } catch (ActivityCanceledException canceled) {
        throw canceled.withDetails(new Progress(done));
      }
      return done;
    }

    @Activity
    public void approve(ActivityContext context) {
      context.completeLater();
    }

    @Activity
    public boolean stopping(ActivityContext context) {
      return context.isWorkerStopping();
    }
  }

  private final ActivityEnvironment environment = ActivityEnvironment.of(new Cards());

  @Test
  void anActivityIsCalledThroughTheCodecBothWays() {
    Order order = new Order("o1", new BigDecimal("9.95"));
    assertThat(environment.attempt(2).call("charge", order, Receipt.class))
        .isEqualTo(new Receipt("o1", new BigDecimal("9.95"), 2));
    assertThat(environment.run("charge", Map.of("id", "o1", "amount", "1")))
        .isEqualTo(
            new ActivityOutcome.Completed(
                Map.of("id", "o1", "amount", BigDecimal.ONE, "attempt", 2L)));
  }

  @Test
  void aFailureIsWhatTheWorkflowSees() {
    ActivityOutcome outcome = environment.run("charge", new Order("o1", BigDecimal.ZERO));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            ActivityOutcome.Failed.class,
            failed -> {
              assertThat(failed.failure().type()).isEqualTo("BadAmount");
              assertThat(failed.failure().nonRetryable()).isTrue();
            });
    assertThatThrownBy(
            () -> environment.call("charge", new Order("o1", BigDecimal.ZERO), Receipt.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("activity charge did not complete: Failed[");
  }

  @Test
  void anInputThatDoesNotFitIsAnArgumentError() {
    assertThat(environment.run("charge", "o1"))
        .isInstanceOfSatisfying(
            ActivityOutcome.Failed.class,
            failed -> assertThat(failed.failure().type()).isEqualTo("pyflow.ArgumentError"));
  }

  @Test
  void everyHeartbeatIsHeard() {
    assertThat(environment.call("count", 3, Integer.class)).isEqualTo(3);
    assertThat(environment.heartbeats())
        .isEqualTo(List.of(Map.of("done", 1L), Map.of("done", 2L), Map.of("done", 3L)));
  }

  @Test
  void anActivityGoesOnFromItsLastHeartbeat() {
    environment.lastHeartbeat(new Progress(2));
    assertThat(environment.call("count", 3, Integer.class)).isEqualTo(3);
    assertThat(environment.heartbeats()).containsExactly(Map.of("done", 3L));
  }

  @Test
  void anActivityIsCanceledInMidRun() {
    environment.onHeartbeat(details -> environment.cancel(CancelReason.REQUESTED));
    assertThat(environment.run("count", 3))
        .isEqualTo(new ActivityOutcome.Canceled(Optional.of(Map.of("done", 2L))));
  }

  @Test
  void aCancelBeforeTheRunMeetsTheFirstHeartbeat() {
    environment.cancel(CancelReason.GONE);
    assertThat(environment.run("count", 3))
        .isEqualTo(new ActivityOutcome.Dropped(CancelReason.GONE));
    assertThat(environment.run("count", 1)).isEqualTo(new ActivityOutcome.Completed(1L));
  }

  @Test
  void aWorkerThatStopsHandsTheTaskBack() {
    environment.shutdown();
    assertThat(environment.run("count", 3))
        .isInstanceOfSatisfying(
            ActivityOutcome.Failed.class,
            failed -> assertThat(failed.failure().type()).isEqualTo("pyflow.WorkerShutdown"));
    assertThat(environment.call("stopping", null, Boolean.class)).isTrue();
  }

  @Test
  void anActivityMayLeaveItsAnswerToSomebodyElse() {
    assertThat(environment.run("approve", null))
        .isEqualTo(new ActivityOutcome.Deferred("token-activity1"));
  }

  @Test
  void functionsAndInterceptorsRunToo() {
    environment
        .activity("upcase", "1", String.class, (text, context) -> text.toUpperCase())
        .interceptor((context, next) -> next.proceed() + "!");
    assertThat(environment.call("upcase", "ada", String.class)).isEqualTo("ADA!");
  }

  @Test
  void anActivityThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> environment.run("refund", null))
        .hasMessage("there are 0 versions of activity refund here: register it");
  }
}
