package io.pyflow.worker.internal;

import io.pyflow.worker.WorkerHealth;
import io.pyflow.worker.WorkerMetrics.PollOutcome;
import java.util.Locale;

/** A worker's numbers as Prometheus reads them, and its health as JSON. Pure. */
final class Exposition {
  private final StringBuilder text = new StringBuilder();

  private Exposition() {}

  /** The text format, version 0.0.4; the names are the same in Python, Ruby and Java. */
  static String metrics(Statistics statistics, WorkerHealth health) {
    Exposition page = new Exposition();
    page.family("tasks_total", "counter", "Activity tasks by how they ended");
    statistics
        .tasks()
        .forEach(
            (activity, ends) ->
                ends.forEach(
                    (end, count) ->
                        page.sample(
                            "tasks_total",
                            "activity=\"%s\",outcome=\"%s\""
                                .formatted(escaped(activity), end.word()),
                            count)));
    page.family("seconds", "histogram", "From the arrival of a task to its answer");
    statistics.times().forEach(page::histogram);
    page.family("slots", "gauge", "Activities that may run at a time");
    page.sample("slots", "", health.slots());
    page.family("slots_busy", "gauge", "Activities that run");
    page.sample("slots_busy", "", health.busy());
    page.family("polls_total", "counter", "Polls by how they ended");
    for (PollOutcome outcome : PollOutcome.values()) {
      page.sample("polls_total", outcome(outcome.word()), statistics.polls(outcome));
    }
    page.family("heartbeats_total", "counter", "Heartbeats by how they ended");
    page.sample("heartbeats_total", outcome("sent"), statistics.heartbeats(true));
    page.sample("heartbeats_total", outcome("failed"), statistics.heartbeats(false));
    page.family("answer_retries_total", "counter", "Answers that were sent again");
    page.sample("answer_retries_total", "", statistics.answerRetries());
    return page.text.toString();
  }

  static String health(WorkerHealth health) {
    return String.format(
        Locale.ROOT,
        "{\"status\": \"%s\", \"slots\": %d, \"busy\": %d, \"seconds_since_poll\": %.3f}\n",
        health.status().word(),
        health.slots(),
        health.busy(),
        health.sincePoll().toNanos() / 1e9);
  }

  private static String outcome(String word) {
    return "outcome=\"%s\"".formatted(word);
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private void family(String name, String type, String help) {
    text.append("# HELP pyflow_activity_").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE pyflow_activity_").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, String labels, Object value) {
    text.append("pyflow_activity_").append(name);
    text.append(labels.isEmpty() ? "" : "{" + labels + "}").append(' ').append(value).append('\n');
  }

  private void histogram(String activity, Statistics.Times times) {
    String label = "activity=\"%s\"".formatted(escaped(activity));
    long[] counts = times.counts();
    long count = 0;
    for (int i = 0; i < counts.length; i++) {
      count += counts[i];
      String end = i < Statistics.BUCKETS.length ? number(Statistics.BUCKETS[i]) : "+Inf";
      sample("seconds_bucket", "%s,le=\"%s\"".formatted(label, end), count);
    }
    sample("seconds_sum", label, times.sum());
    sample("seconds_count", label, count);
  }

  private static String number(double end) {
    return end == Math.rint(end) ? Long.toString((long) end) : Double.toString(end);
  }
}
