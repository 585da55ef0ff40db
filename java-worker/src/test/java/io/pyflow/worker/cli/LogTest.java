package io.pyflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

class LogTest {
  private final Logger log = LoggerFactory.getLogger("shop.Cards");

  @Test
  void aLineOfJsonHasItsTimeLevelAndMessage() {
    assertThat(LogRecorder.json(() -> log.warn("{} \"cards\"\nare left", 7)))
        .containsExactly(
            "{\"time\": \"2026-11-23T09:30:00.123Z\", \"level\": \"warn\", \"message\": \"7 \\\"cards\\\"\\nare left\"}");
  }

  @Test
  void aLineOfJsonHasTheIdsOfTheTaskAndTheError() {
    assertThat(
            LogRecorder.json(
                () -> {
                  try (var ids = MDC.putCloseable("activity_id", "activity1");
                      var other = MDC.putCloseable("other", "left out")) {
                    assertThat(ids).isNotNull();
                    assertThat(other).isNotNull();
                    log.error("failed", new IllegalStateException("no card"));
                  }
                }))
        .containsExactly(
            "{\"time\": \"2026-11-23T09:30:00.123Z\", \"level\": \"error\", \"message\": \"failed\","
                + " \"activity_id\": \"activity1\","
                + " \"error\": \"java.lang.IllegalStateException: no card\"}");
  }

  @Test
  void aLineOfTextIsForPeople() {
    assertThat(LogRecorder.lines(LogFormat.TEXT, Level.INFO, () -> log.info("charged {}", "o1")))
        .containsExactly("2026-11-23T09:30:00.123Z info  Cards - charged o1");
  }

  @Test
  void whatIsBelowTheLevelIsLeftOutAndOfTheSdkOnlyWarningsAreWritten() {
    Logger sdk = LoggerFactory.getLogger("software.amazon.awssdk.core.Client");
    assertThat(
            LogRecorder.lines(
                LogFormat.TEXT,
                Level.DEBUG,
                () -> {
                  log.debug("written");
                  log.trace("not written");
                  sdk.info("not written");
                  sdk.warn("written");
                }))
        .containsExactly(
            "2026-11-23T09:30:00.123Z debug Cards - written",
            "2026-11-23T09:30:00.123Z warn  Client - written");
  }
}
