package io.pyflow.worker.internal;

import io.pyflow.worker.ActivityInterceptor;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A worker's insides for runs of single tasks, on a clock moved by hand. */
final class Workshops {
  private Workshops() {}

  /** Those of a worker of task list cards that registers its types, and has nothing besides. */
  static WorkerSettings settings(
      int concurrency, int pollers, Duration gracefulTimeout, Duration cancelTimeout) {
    return new WorkerSettings(
        "shop",
        "cards",
        concurrency,
        pollers,
        gracefulTimeout,
        cancelTimeout,
        true,
        true,
        false,
        false,
        OptionalInt.empty(),
        List.of(),
        List.of());
  }

  static Workshop of(
      Object activities,
      Payloads payloads,
      SwfGateway swf,
      Scheduler clock,
      Statistics statistics,
      ActivityInterceptor... interceptors) {
    return new Workshop(
        "shop",
        "cards",
        MethodActivities.of(activities).stream()
            .collect(Collectors.toMap(ActivityDefinition::key, Function.identity())),
        payloads,
        (task, cancellation, mode, timeout) ->
            new Heartbeat(task, swf, clock, cancellation, mode, timeout, statistics, "cards"),
        clock,
        new Responder(swf, clock, statistics),
        new Answers(payloads, true),
        new Interceptors(List.of(interceptors)),
        statistics,
        () -> false);
  }
}
