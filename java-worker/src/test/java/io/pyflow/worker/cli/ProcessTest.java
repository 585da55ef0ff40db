package io.pyflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line in a process of its own: its signals, its exit codes, its log. */
@Timeout(120)
class ProcessTest {
  public static class Shop {
    @Activity(version = "1")
    public String polite(ActivityContext context) throws Exception {
      touch();
      context.sleep(Duration.ofMinutes(5));
      return "done";
    }

    @Activity(version = "1")
    public String leave() throws IOException {
      System.exit(7);
      return "never";
    }

    private static void touch() throws IOException {
      Files.writeString(Path.of(System.getProperty("begun")), "");
    }
  }

  @TempDir Path folder;
  private StubSwf swf;
  private Process process;
  private String ready;

  @BeforeEach
  void open() throws IOException {
    swf = new StubSwf();
  }

  @AfterEach
  void close() {
    swf.close();
    process.destroyForcibly();
  }

  private void start(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dbegun=" + folder.resolve("begun"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--activities",
                Shop.class.getName()));
    command.addAll(List.of("--domain", "d", "--task-list", "t", "--endpoint-url", swf.endpoint()));
    command.addAll(List.of(options));
    process = new ProcessBuilder(command).redirectError(folder.resolve("log").toFile()).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    ready = out.readLine();
    assertThat(ready).as(log()).startsWith("ready");
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private int exit() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
    return process.exitValue();
  }

  private void signal() {
    process.toHandle().destroy(); // SIGTERM
  }

  private void until(Condition condition) throws Exception {
    while (!condition.holds()) { // the test's own timeout ends it
      Thread.sleep(10);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  @Test
  void anIdleWorkerEndsWith0() throws Exception {
    start();
    signal();
    assertThat(exit()).isZero();
  }

  @Test
  void aWorkerThatCutAnActivityShortEndsWith1() throws Exception {
    start("--graceful-timeout", "0");
    swf.schedule("polite");
    until(() -> Files.exists(folder.resolve("begun")));
    signal();
    assertThat(swf.nextAnswer())
        .startsWith("RespondActivityTaskFailed")
        .contains("\"reason\":\"pyflow.WorkerShutdown\"");
    assertThat(exit()).isEqualTo(1);
  }

  @Test
  void aSecondSignalEndsTheWaitAtOnce() throws Exception {
    start("--graceful-timeout", "3600");
    swf.schedule("polite");
    until(() -> Files.exists(folder.resolve("begun")));
    signal();
    until(() -> log().contains("stopping: SIGTERM"));
    signal();
    assertThat(swf.nextAnswer()).contains("\"reason\":\"pyflow.WorkerShutdown\"");
    assertThat(exit()).isEqualTo(1);
    assertThat(log()).contains("SIGTERM again: stopping at once");
  }

  @Test
  void anActivityThatEndsTheJvmFailsAndTheWorkerDrains() throws Exception {
    start("--graceful-timeout", "3600");
    swf.schedule("leave");
    assertThat(swf.nextAnswer())
        .startsWith("RespondActivityTaskFailed")
        .contains("\"reason\":\"SystemExit\"");
    assertThat(exit()).isEqualTo(1);
  }

  @Test
  void metricsAreServedWhereTheReadyLineSaysAndTheLogIsJson() throws Exception {
    start("--metrics-port", "0", "--log-format", "json");
    URI metrics = URI.create(ready.substring(ready.indexOf("http")) + "/metrics");
    try (var page = metrics.toURL().openStream()) {
      assertThat(new String(page.readAllBytes(), StandardCharsets.UTF_8))
          .contains("pyflow_activity_slots 10\n");
    }
    signal();
    assertThat(exit()).isZero();
    List<Map.Entry<String, String>> lines = new ArrayList<>();
    for (String line : log().lines().toList()) {
      JsonNode json = new ObjectMapper().readTree(line);
      lines.add(Map.entry(json.get("level").textValue(), json.get("message").textValue()));
    }
    assertThat(lines).contains(Map.entry("info", "stopping: SIGTERM"));
  }
}
