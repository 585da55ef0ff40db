package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pyflow.worker.WorkerException;
import io.pyflow.worker.WorkerHealth;
import io.pyflow.worker.WorkerHealth.Status;
import io.pyflow.worker.WorkerMetrics;
import io.pyflow.worker.WorkerMetrics.PollOutcome;
import io.pyflow.worker.WorkerMetrics.TaskOutcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final WorkerHealth WELL =
      new WorkerHealth(Status.OK, 10, 3, Duration.ofMillis(1_500));

  private final Statistics statistics = new Statistics();
  private final ManualScheduler clock = new ManualScheduler();
  private boolean quiet;
  private int busy;

  @Test
  void theMetricsAreWhatPrometheusReads() {
    statistics.taskEnded("charge", TaskOutcome.COMPLETED, Duration.ofMillis(250));
    statistics.taskEnded("charge", TaskOutcome.COMPLETED, Duration.ofHours(2));
    statistics.taskEnded("charge", TaskOutcome.HANDED_BACK, Duration.ofMillis(5));
    statistics.pollEnded(PollOutcome.TASK);
    statistics.heartbeatEnded(true);
    statistics.heartbeatEnded(false);
    statistics.answerRetried();
    assertThat(Exposition.metrics(statistics, WELL))
        .isEqualTo(
            """
            # HELP pyflow_activity_tasks_total Activity tasks by how they ended
            # TYPE pyflow_activity_tasks_total counter
            pyflow_activity_tasks_total{activity="charge",outcome="completed"} 2
            pyflow_activity_tasks_total{activity="charge",outcome="handed_back"} 1
            # HELP pyflow_activity_seconds From the arrival of a task to its answer
            # TYPE pyflow_activity_seconds histogram
            pyflow_activity_seconds_bucket{activity="charge",le="0.005"} 1
            pyflow_activity_seconds_bucket{activity="charge",le="0.025"} 1
            pyflow_activity_seconds_bucket{activity="charge",le="0.1"} 1
            pyflow_activity_seconds_bucket{activity="charge",le="0.5"} 2
            pyflow_activity_seconds_bucket{activity="charge",le="1"} 2
            pyflow_activity_seconds_bucket{activity="charge",le="5"} 2
            pyflow_activity_seconds_bucket{activity="charge",le="30"} 2
            pyflow_activity_seconds_bucket{activity="charge",le="120"} 2
            pyflow_activity_seconds_bucket{activity="charge",le="600"} 2
            pyflow_activity_seconds_bucket{activity="charge",le="3600"} 2
            pyflow_activity_seconds_bucket{activity="charge",le="+Inf"} 3
            pyflow_activity_seconds_sum{activity="charge"} 7200.255
            pyflow_activity_seconds_count{activity="charge"} 3
            # HELP pyflow_activity_slots Activities that may run at a time
            # TYPE pyflow_activity_slots gauge
            pyflow_activity_slots 10
            # HELP pyflow_activity_slots_busy Activities that run
            # TYPE pyflow_activity_slots_busy gauge
            pyflow_activity_slots_busy 3
            # HELP pyflow_activity_polls_total Polls by how they ended
            # TYPE pyflow_activity_polls_total counter
            pyflow_activity_polls_total{outcome="task"} 1
            pyflow_activity_polls_total{outcome="empty"} 0
            pyflow_activity_polls_total{outcome="failed"} 0
            # HELP pyflow_activity_heartbeats_total Heartbeats by how they ended
            # TYPE pyflow_activity_heartbeats_total counter
            pyflow_activity_heartbeats_total{outcome="sent"} 1
            pyflow_activity_heartbeats_total{outcome="failed"} 1
            # HELP pyflow_activity_answer_retries_total Answers that were sent again
            # TYPE pyflow_activity_answer_retries_total counter
            pyflow_activity_answer_retries_total 1
            """);
  }

  private Pulse pulse() {
    return new Pulse(clock, 2, () -> busy, () -> quiet);
  }

  @Test
  void aWorkerIsUnreachableWhenNoPollEndedWellFor150Seconds() {
    Pulse pulse = pulse();
    clock.advance(Duration.ofSeconds(149));
    assertThat(pulse.health())
        .isEqualTo(new WorkerHealth(Status.OK, 2, 0, Duration.ofSeconds(149)));
    clock.advance(Duration.ofSeconds(1));
    assertThat(pulse.health().status()).isEqualTo(Status.UNREACHABLE);
    pulse.polled();
    assertThat(pulse.health()).isEqualTo(new WorkerHealth(Status.OK, 2, 0, Duration.ZERO));
  }

  @Test
  void aWorkerThatHasNoSlotToPollWithIsWell() {
    Pulse pulse = pulse();
    busy = 2;
    clock.advance(Duration.ofHours(1));
    assertThat(pulse.health().status()).isEqualTo(Status.OK);
    pulse.leaving();
    busy = 1;
    assertThat(pulse.health().status()).isEqualTo(Status.OK);
    clock.advance(Duration.ofSeconds(150));
    assertThat(pulse.health().status()).isEqualTo(Status.UNREACHABLE);
  }

  @Test
  void aWorkerThatPollsNoMoreIsDraining() {
    quiet = true;
    assertThat(pulse().health().status()).isEqualTo(Status.DRAINING);
  }

  private static HttpResponse<String> get(int port, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void metricsAndHealthAreServedOnLoopback() throws Exception {
    AtomicReference<WorkerHealth> health = new AtomicReference<>(WELL);
    try (MetricsServer server = new MetricsServer(0, statistics, health::get)) {
      assertThat(get(server.port(), "/metrics").body())
          .isEqualTo(Exposition.metrics(statistics, WELL));
      assertThat(get(server.port(), "/metrics").headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(get(server.port(), "/health").statusCode()).isEqualTo(200);
      assertThat(get(server.port(), "/health").body())
          .isEqualTo(
              "{\"status\": \"ok\", \"slots\": 10, \"busy\": 3, \"seconds_since_poll\": 1.500}\n");
      health.set(new WorkerHealth(Status.DRAINING, 10, 3, Duration.ZERO));
      assertThat(get(server.port(), "/health").statusCode()).isEqualTo(503);
      assertThat(get(server.port(), "/else").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aPortThatIsTakenIsSaidInASentence() {
    try (MetricsServer server = new MetricsServer(0, statistics, () -> WELL)) {
      int port = server.port();
      assertThatThrownBy(() -> new MetricsServer(port, statistics, () -> WELL))
          .isInstanceOf(WorkerException.class)
          .hasMessage("metrics can't be served at 127.0.0.1:%d: Address already in use", port);
    }
  }

  @Test
  void metricsThatThrowHarmNobody() {
    WorkerMetrics broken =
        new WorkerMetrics() {
          @Override
          public void answerRetried() {
            throw new IllegalStateException("registry is closed");
          }
        };
    new Audience(List.of(broken, statistics)).answerRetried();
    assertThat(statistics.answerRetries()).isEqualTo(1);
  }
}
