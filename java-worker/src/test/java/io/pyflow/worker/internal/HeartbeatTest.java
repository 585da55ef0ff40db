package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pyflow.worker.CancelReason;
import io.pyflow.worker.HeartbeatMode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatTest {
  private final FakeSwf swf = new FakeSwf();
  private final ManualScheduler clock = new ManualScheduler();
  private final Statistics statistics = new Statistics();
  private final TaskCancellation cancellation = new TaskCancellation();

  private Heartbeat heartbeat(HeartbeatMode mode, Optional<Duration> timeout) {
    Heartbeat heartbeat =
        new Heartbeat(
            FakeSwf.task("hold", null),
            swf,
            clock,
            cancellation,
            mode,
            timeout,
            statistics,
            "cards");
    heartbeat.start();
    return heartbeat;
  }

  private Heartbeat manualOfTenSeconds() {
    return heartbeat(HeartbeatMode.MANUAL, Optional.of(Duration.ofSeconds(10)));
  }

  @Test
  void theFirstBeatGoesOutAtOnceAndTheNextAfterFourTenthsOfTheTimeoutWithTheNewestDetails() {
    Heartbeat heartbeat = manualOfTenSeconds();
    heartbeat.beat("1");
    clock.advance(Duration.ZERO);
    assertThat(swf.beats).containsExactly("1");
    heartbeat.beat("2");
    heartbeat.beat("3");
    clock.advance(Duration.ofMillis(3_999));
    assertThat(swf.beats).containsExactly("1");
    clock.advance(Duration.ofMillis(1));
    assertThat(swf.beats).containsExactly("1", "3");
    clock.advance(Duration.ofSeconds(60));
    assertThat(swf.beats).as("nothing was asked for since").hasSize(2);
  }

  @Test
  void anAutomaticHeartbeatBeatsWithoutBeingAsked() {
    heartbeat(HeartbeatMode.AUTO, Optional.of(Duration.ofSeconds(10)));
    clock.advance(Duration.ofSeconds(12));
    assertThat(swf.beats).containsExactly(null, null, null);
  }

  @Test
  void anAutomaticHeartbeatRepeatsTheNewestDetails() {
    Heartbeat heartbeat = heartbeat(HeartbeatMode.AUTO, Optional.of(Duration.ofSeconds(10)));
    heartbeat.beat("half");
    clock.advance(Duration.ofSeconds(4));
    assertThat(swf.beats).containsExactly("half", "half");
  }

  @Test
  void aCancelRequestInTheAnswerBecomesTheCancellation() {
    swf.cancelRequested = true;
    manualOfTenSeconds().beat(null);
    clock.advance(Duration.ZERO);
    assertThat(cancellation.reason()).contains(CancelReason.REQUESTED);
  }

  @Test
  void aTaskThatSwfDoesNotKnowAnyMoreIsGoneAndBeatsNoMore() {
    swf.troubles.add(FakeSwf.trouble(SwfException.Kind.UNKNOWN));
    heartbeat(HeartbeatMode.AUTO, Optional.of(Duration.ofSeconds(10)));
    clock.advance(Duration.ofMinutes(5));
    assertThat(cancellation.reason()).contains(CancelReason.GONE);
    assertThat(swf.beats).hasSize(1);
  }

  @Test
  void aBeatThatDidNotArriveIsSentAgainAnIntervalLater() {
    swf.trouble(SwfException.Kind.TRANSIENT, 1);
    manualOfTenSeconds().beat("1");
    clock.advance(Duration.ofMillis(3_999));
    assertThat(swf.beats).containsExactly("1");
    clock.advance(Duration.ofMillis(1));
    assertThat(swf.beats).containsExactly("1", "1");
    assertThat(cancellation.reason()).isEmpty();
    assertThat(statistics.heartbeats(true)).isEqualTo(1);
    assertThat(statistics.heartbeats(false)).isEqualTo(1);
  }

  @Test
  void newerDetailsTakeThePlaceOfThoseThatDidNotArrive() {
    swf.trouble(SwfException.Kind.TRANSIENT, 1);
    Heartbeat heartbeat = manualOfTenSeconds();
    heartbeat.beat("1");
    clock.advance(Duration.ZERO);
    heartbeat.beat("2");
    clock.advance(Duration.ofSeconds(4));
    assertThat(swf.beats).containsExactly("1", "2");
  }

  @Test
  void aHeartbeatThatDoesNotGetThroughForItsTimeoutIsLost() {
    swf.trouble(SwfException.Kind.TRANSIENT, 1_000);
    heartbeat(HeartbeatMode.AUTO, Optional.of(Duration.ofSeconds(10)));
    clock.advance(Duration.ofMillis(9_999));
    assertThat(cancellation.reason()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(cancellation.reason()).contains(CancelReason.HEARTBEAT_LOST);
    clock.advance(Duration.ofMinutes(1));
    assertThat(swf.beats).as("tries at 4 s and 8 s").hasSize(2);
  }

  @Test
  void aBeatThatArrivesMovesTheDeadline() {
    heartbeat(HeartbeatMode.AUTO, Optional.of(Duration.ofSeconds(10)));
    clock.advance(Duration.ofSeconds(4));
    swf.trouble(SwfException.Kind.TRANSIENT, 1_000);
    clock.advance(Duration.ofMillis(9_999));
    assertThat(cancellation.reason()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(cancellation.reason()).contains(CancelReason.HEARTBEAT_LOST);
  }

  @Test
  void aFirstTryAfterTheTimeoutIsGivenATimeoutOfItsOwn() {
    Heartbeat heartbeat = manualOfTenSeconds();
    clock.advance(Duration.ofSeconds(60));
    swf.trouble(SwfException.Kind.TRANSIENT, 1_000);
    heartbeat.beat(null);
    clock.advance(Duration.ofMillis(9_999));
    assertThat(cancellation.reason()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(cancellation.reason()).contains(CancelReason.HEARTBEAT_LOST);
  }

  @Test
  void aStoppedHeartbeatIsSilent() {
    Heartbeat heartbeat = heartbeat(HeartbeatMode.AUTO, Optional.empty());
    heartbeat.beat("1");
    heartbeat.stop();
    heartbeat.beat("2");
    clock.advance(Duration.ofMinutes(1));
    assertThat(swf.beats).isEmpty();
  }

  @ParameterizedTest(name = "{0} s of timeout make an interval of {1} ms")
  @CsvSource({"1, 400", "0, 200", "5, 2000", "600, 30000"})
  void theIntervalIsFourTenthsOfTheTimeoutWithinBounds(long timeout, long interval) {
    assertThat(Heartbeat.interval(Optional.of(Duration.ofSeconds(timeout))))
        .isEqualTo(Duration.ofMillis(interval));
  }

  @Test
  void anUnknownTimeoutMakesAnIntervalOfTenSeconds() {
    assertThat(Heartbeat.interval(Optional.empty())).isEqualTo(Duration.ofSeconds(10));
  }
}
