package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResponderTest {
  private static final Outcome DONE = new Outcome.Completed("1");
  private final FakeSwf swf = new FakeSwf();
  private final ManualScheduler clock = new ManualScheduler();
  private final Statistics statistics = new Statistics();
  private final Responder responder = new Responder(swf, clock, statistics);

  private Responder.Delivery answer(Optional<Duration> left) {
    return responder.answer("token-echo", "echo", DONE, left);
  }

  private void outOfOrder(int requests) {
    for (int i = 0; i < requests; i++) {
      swf.troubles.add(FakeSwf.trouble(SwfException.Kind.TRANSIENT));
    }
  }

  @Test
  void anAnswerIsSentAgainUntilItArrives() throws InterruptedException {
    outOfOrder(5);
    assertThat(answer(Optional.empty())).isEqualTo(Responder.Delivery.DELIVERED);
    assertThat(statistics.answerRetries()).isEqualTo(5);
    assertThat(swf.nextAnswer()).isEqualTo(new FakeSwf.Answer("token-echo", DONE));
    assertThat(swf.answersLeft()).isZero();
  }

  @Test
  void anAnswerIsGivenUpOnceTheTaskMustHaveTimedOut() {
    outOfOrder(10_000);
    assertThat(answer(Optional.of(Duration.ofSeconds(20)))).isEqualTo(Responder.Delivery.LOST);
    assertThat(clock.nanos()).isLessThanOrEqualTo(Duration.ofSeconds(20).toNanos());
  }

  @Test
  void anAnswerIsGivenUpAfterTenMinutesWhereTheTimeoutIsNotKnown() {
    outOfOrder(10_000);
    assertThat(answer(Optional.empty())).isEqualTo(Responder.Delivery.LOST);
    assertThat(clock.nanos())
        .isBetween(Duration.ofMinutes(8).toNanos(), Duration.ofMinutes(10).toNanos());
  }

  @Test
  void aWorkerThatEndsHurriesItsAnswers() {
    outOfOrder(10_000);
    responder.hurry(Duration.ofSeconds(3));
    assertThat(answer(Optional.empty())).isEqualTo(Responder.Delivery.LOST);
    assertThat(clock.nanos()).isLessThanOrEqualTo(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void aTaskThatIsGoneNeedsNoAnswer() {
    swf.troubles.add(FakeSwf.trouble(SwfException.Kind.UNKNOWN));
    assertThat(answer(Optional.empty())).isEqualTo(Responder.Delivery.GONE);
    assertThat(swf.answersLeft()).isZero();
  }

  @Test
  void anAnswerThatSwfRefusesIsNotSentAgain() {
    swf.troubles.add(FakeSwf.trouble(SwfException.Kind.REFUSED));
    assertThat(answer(Optional.empty())).isEqualTo(Responder.Delivery.LOST);
    assertThat(swf.answersLeft()).isZero();
  }

  @Test
  void theBackOffDoublesFromATenthOfASecondToHalfAMinute() {
    Backoff backoff = new Backoff(() -> 1.0);
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(100));
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(200));
    for (int i = 0; i < 20; i++) {
      backoff.next();
    }
    assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(30));
    backoff.reset();
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(100));
  }
}
