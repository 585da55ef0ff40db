package io.pyflow.worker.internal;

import java.time.Duration;

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
    boolean virtualThreads) {

  public WorkerSettings {
    atLeastOne("concurrency", concurrency);
    atLeastOne("pollers", pollers);
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
