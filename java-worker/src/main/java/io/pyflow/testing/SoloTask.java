package io.pyflow.testing;

import io.pyflow.worker.ActivityInterceptor;
import io.pyflow.worker.CancelReason;
import io.pyflow.worker.WorkerMetrics;
import io.pyflow.worker.internal.ActivityDefinition;
import io.pyflow.worker.internal.ActivityRun;
import io.pyflow.worker.internal.ActivityTask;
import io.pyflow.worker.internal.Answers;
import io.pyflow.worker.internal.Heart;
import io.pyflow.worker.internal.Interceptors;
import io.pyflow.worker.internal.Outcome;
import io.pyflow.worker.internal.Payloads;
import io.pyflow.worker.internal.Responder;
import io.pyflow.worker.internal.SystemScheduler;
import io.pyflow.worker.internal.Workshop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One task of an environment: run by the worker's own code, its answer kept instead of sent. */
final class SoloTask {
  private final ActivityTask task;
  private final Payloads payloads;
  private final Consumer<@Nullable Object> heard;
  private Optional<Outcome> answer = Optional.empty();
  private @Nullable ActivityRun run;
  private @Nullable CancelReason canceled;

  SoloTask(ActivityTask task, Payloads payloads, Consumer<@Nullable Object> heard) {
    this.task = task;
    this.payloads = payloads;
    this.heard = heard;
  }

  synchronized void cancel(CancelReason reason) {
    if (canceled == null) {
      canceled = reason;
    }
    if (run != null) {
      run.cancel(reason);
    }
  }

  ActivityOutcome run(
      Map<ActivityDefinition.Key, ActivityDefinition> activities,
      List<ActivityInterceptor> interceptors,
      BooleanSupplier stopping) {
    Workshop shop =
        new Workshop(
            "testing",
            "testing",
            activities,
            payloads,
            (it, cancellation, mode, timeout) -> new Ear(),
            new SystemScheduler(),
            this::keep,
            new Answers(payloads, true),
            new Interceptors(interceptors),
            new WorkerMetrics() {},
            stopping);
    ActivityRun begun = new ActivityRun(task, shop);
    synchronized (this) {
      run = begun;
      Optional.ofNullable(canceled).ifPresent(begun::cancel);
    }
    begun.run();
    return told(answer.orElseThrow());
  }

  private Responder.Delivery keep(
      String token, Object what, Outcome outcome, Optional<Duration> leftToClose) {
    answer = Optional.of(outcome);
    return Responder.Delivery.DELIVERED;
  }

  /** The answer as a decider reads it. */
  private ActivityOutcome told(Outcome outcome) {
    if (outcome instanceof Outcome.Completed completed) {
      return new ActivityOutcome.Completed(payloads.decode(completed.result()).value());
    } else if (outcome instanceof Outcome.Failed failed) {
      return new ActivityOutcome.Failed(
          payloads.converter().decodeFailure(failed.reason(), failed.details()));
    } else if (outcome instanceof Outcome.Canceled canceled) {
      return new ActivityOutcome.Canceled(
          Optional.ofNullable(payloads.decode(canceled.details()).value()));
    } else if (outcome instanceof Outcome.Dropped dropped) {
      return new ActivityOutcome.Dropped(dropped.why());
    }
    return new ActivityOutcome.Deferred(task.taskToken());
  }

  /** Hears every beat, which a worker would throttle. */
  private final class Ear implements Heart {
    @Override
    public void start() {
      // no timeout counts here
    }

    @Override
    public void beat(@Nullable String newest) {
      heard.accept(payloads.decode(newest).value());
    }

    @Override
    public void stop() {
      // nothing beats by itself
    }
  }
}
