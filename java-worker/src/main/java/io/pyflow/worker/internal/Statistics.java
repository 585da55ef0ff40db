package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a worker has done, counted. Thread-safe. */
final class Statistics implements WorkerMetrics {
  /** The upper ends of the buckets, in seconds. */
  static final double[] BUCKETS = {0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600, 3600};

  /** How long the tasks of an activity took. */
  static final class Times {
    private final long[] counts = new long[BUCKETS.length + 1];
    private double sum;

    synchronized void add(double seconds) {
      int bucket = 0;
      while (bucket < BUCKETS.length && seconds > BUCKETS[bucket]) {
        bucket++;
      }
      counts[bucket]++;
      sum += seconds;
    }

    /** How many fell into each bucket, the last of which has no upper end. */
    synchronized long[] counts() {
      return counts.clone();
    }

    synchronized double sum() {
      return sum;
    }
  }

  private record Ended(String activity, TaskOutcome outcome) {}

  private final Map<Ended, LongAdder> tasks = new ConcurrentHashMap<>();
  private final Map<String, Times> times = new ConcurrentHashMap<>();
  private final Map<PollOutcome, LongAdder> polls = new ConcurrentHashMap<>();
  private final LongAdder heartbeatsSent = new LongAdder();
  private final LongAdder heartbeatsFailed = new LongAdder();
  private final LongAdder answerRetries = new LongAdder();

  @Override
  public void taskEnded(String activity, TaskOutcome outcome, Duration time) {
    tasks.computeIfAbsent(new Ended(activity, outcome), key -> new LongAdder()).increment();
    times.computeIfAbsent(activity, key -> new Times()).add(time.toNanos() / 1e9);
  }

  @Override
  public void pollEnded(PollOutcome outcome) {
    polls.computeIfAbsent(outcome, key -> new LongAdder()).increment();
  }

  @Override
  public void heartbeatEnded(boolean sent) {
    (sent ? heartbeatsSent : heartbeatsFailed).increment();
  }

  @Override
  public void answerRetried() {
    answerRetries.increment();
  }

  /** The tasks of each activity by how they ended. */
  Map<String, Map<TaskOutcome, Long>> tasks() {
    Map<String, Map<TaskOutcome, Long>> found = new TreeMap<>();
    tasks.forEach(
        (ended, count) ->
            found
                .computeIfAbsent(ended.activity(), key -> new TreeMap<>())
                .put(ended.outcome(), count.sum()));
    return found;
  }

  Map<String, Times> times() {
    return new TreeMap<>(times);
  }

  long polls(PollOutcome outcome) {
    LongAdder count = polls.get(outcome);
    return count == null ? 0 : count.sum();
  }

  long heartbeats(boolean sent) {
    return (sent ? heartbeatsSent : heartbeatsFailed).sum();
  }

  long answerRetries() {
    return answerRetries.sum();
  }
}
