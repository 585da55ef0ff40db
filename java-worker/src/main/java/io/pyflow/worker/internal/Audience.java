package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerMetrics;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everybody who hears of what a worker does; what one of them throws harms neither task nor rest.
 */
record Audience(List<WorkerMetrics> listeners) implements WorkerMetrics {
  private static final Logger log = LoggerFactory.getLogger(Audience.class);

  @Override
  public void taskEnded(String activity, TaskOutcome outcome, Duration time) {
    tell(listener -> listener.taskEnded(activity, outcome, time));
  }

  @Override
  public void pollEnded(PollOutcome outcome) {
    tell(listener -> listener.pollEnded(outcome));
  }

  @Override
  public void heartbeatEnded(boolean sent) {
    tell(listener -> listener.heartbeatEnded(sent));
  }

  @Override
  public void answerRetried() {
    tell(WorkerMetrics::answerRetried);
  }

  @Override
  public void slotsChanged(int busy, int slots) {
    tell(listener -> listener.slotsChanged(busy, slots));
  }

  private void tell(Consumer<WorkerMetrics> news) {
    for (WorkerMetrics listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException e) {
        log.warn("metrics failed", e);
      }
    }
  }
}
