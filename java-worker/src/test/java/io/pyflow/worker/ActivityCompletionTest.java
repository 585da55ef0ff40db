package io.pyflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pyflow.codec.PayloadTooLargeException;
import io.pyflow.worker.internal.FakeSwf;
import io.pyflow.worker.internal.FakeSwf.Answer;
import io.pyflow.worker.internal.Outcome;
import io.pyflow.worker.internal.SwfException.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ActivityCompletionTest {
  public record Approval(String by) {}

  private final FakeSwf swf = new FakeSwf();
  private final ActivityCompletion completion =
      ActivityCompletion.builder().gateway(swf).timeout(Duration.ofSeconds(1)).build();

  @Test
  void aTaskIsCompletedByItsToken() throws InterruptedException {
    assertThat(completion.complete("t1", new Approval("Ada"))).isTrue();
    assertThat(swf.nextAnswer())
        .isEqualTo(new Answer("t1", new Outcome.Completed("{\"by\":\"Ada\"}")));
  }

  @Test
  void aTaskIsFailedOrCanceledByItsToken() throws InterruptedException {
    completion.fail("t1", ApplicationFailure.nonRetryable("Denied", "not today"));
    Outcome.Failed failed = (Outcome.Failed) swf.nextAnswer().outcome();
    assertThat(failed.reason()).isEqualTo("Denied");
    completion.cancel("t2", Map.of("asked", 2));
    assertThat(swf.nextAnswer()).isEqualTo(new Answer("t2", new Outcome.Canceled("{\"asked\":2}")));
  }

  @Test
  void anAnswerIsSentAgainUntilItArrives() throws InterruptedException {
    swf.trouble(Kind.TRANSIENT, 2);
    assertThat(completion.complete("t1", null)).isTrue();
    assertThat(swf.nextAnswer()).isEqualTo(new Answer("t1", new Outcome.Completed(null)));
  }

  @Test
  void aTaskThatIsGoneIsSaid() {
    swf.trouble(Kind.UNKNOWN, 2);
    assertThat(completion.complete("t1", 1)).isFalse();
    assertThat(completion.heartbeat("t1", null)).contains(CancelReason.GONE);
  }

  @Test
  void aHeartbeatTellsOfACancelRequest() {
    assertThat(completion.heartbeat("t1", Map.of("asked", 1))).isEmpty();
    swf.requestCancel();
    assertThat(completion.heartbeat("t1", null)).contains(CancelReason.REQUESTED);
  }

  @Test
  void whatCannotBeSentIsThrown() {
    byte[] noise = new byte[40_000];
    new Random(1).nextBytes(noise);
    assertThatThrownBy(() -> completion.complete("t1", noise))
        .isInstanceOf(PayloadTooLargeException.class);
    swf.trouble(Kind.REFUSED, 1);
    assertThatThrownBy(() -> completion.complete("t1", 1))
        .isInstanceOf(WorkerException.class)
        .hasMessage("the answer could not be delivered to SWF at memory: the log says why");
  }
}
