package io.pyflow.worker.internal;

import io.pyflow.worker.ActivityInterceptor;
import io.pyflow.worker.WorkerMetrics;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** How a worker works, as its builder was told. */
public record WorkerSettings(
    String domain,
    String taskList,
    int concurrency,
    int pollers,
    Duration gracefulTimeout,
    Duration cancelTimeout,
    boolean register,
    boolean includeStacks,
    boolean virtualThreads,
    boolean strictRegistration,
    OptionalInt metricsPort,
    List<ActivityInterceptor> interceptors,
    List<WorkerMetrics> metrics) {

  public WorkerSettings {
    atLeastOne("concurrency", concurrency);
    atLeastOne("pollers", pollers);
    interceptors = List.copyOf(interceptors);
    metrics = List.copyOf(metrics);
    if (gracefulTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "graceful timeout %s is negative: give 0 or more seconds".formatted(gracefulTimeout));
    }
  }

  private static void atLeastOne(String what, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("%s %d is less than 1".formatted(what, count));
    }
  }
}
