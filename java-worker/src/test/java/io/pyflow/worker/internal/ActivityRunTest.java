package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pyflow.codec.Bytes;
import io.pyflow.codec.Failure;
import io.pyflow.codec.PayloadConverter;
import io.pyflow.worker.Activities;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityCanceledException;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ApplicationFailure;
import io.pyflow.worker.CancelReason;
import io.pyflow.worker.WorkerMetrics.TaskOutcome;
import io.pyflow.worker.cli.LogRecorder;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivityRunTest {
  private static final PayloadConverter CONVERTER = PayloadConverter.standard();

  public record Order(String id, BigDecimal amount, Instant at, byte[] file) {}

  @Activities(version = "1")
  public static class Shop {
    @Activity
    public Object echo(Object value) {
      return value;
    }

    @Activity
    public Order next(Order order) {
      byte[] file = {order.file()[1], order.file()[0]};
      return new Order(
          order.id() + "!", order.amount().add(BigDecimal.ONE), order.at().plusNanos(1), file);
    }

    @Activity
    public String greet(Optional<String> name) {
      return "hello " + name.orElse("nobody");
    }

    @Activity
    public void nothing() {}

    @Activity
    public void decline(String card) {
      throw ApplicationFailure.builder("CardDeclined", card + " declined")
          .nonRetryable(true)
          .details(Map.of("code", 7))
          .retryAfter(Duration.ofSeconds(30))
          .cause(new IllegalStateException("do not honour"))
          .build();
    }

    @Activity
    public int overflow(int depth) {
      return overflow(depth + 1) + 1;
    }

    @Activity
    public byte[] bulk(int size) {
      byte[] bytes = new byte[size];
      new Random(1).nextBytes(bytes);
      return bytes;
    }

    @Activity
    public Object unencodable() {
      return Map.of("when", new Object());
    }

    @Activity
    public String beat(ActivityContext context) {
      try {
        context.heartbeat(Map.of("beats", 1));
        context.heartbeat(Map.of("beats", 2));
      } catch (ActivityCanceledException canceled) {
        throw canceled.withDetails(Map.of("beats", 1));
      }
      return "held";
    }

    @Activity
    public String later(ActivityContext context) {
      return "ignored, the answer comes with " + context.completeLater();
    }

    @Activity
    public void laterThenThrow(ActivityContext context) {
      context.completeLater();
      throw new IllegalStateException("could not hand it over");
    }

    @Activity
    public void exhaust() {
      throw new OutOfMemoryError("Java heap space");
    }

    @Activity
    public int resume(ActivityContext context) {
      return context.lastHeartbeat(Integer.class).orElse(0) + 1;
    }

    @Activity
    public String beatLong(ActivityContext context) {
      byte[] noise = new byte[3_000];
      new Random(1).nextBytes(noise);
      context.heartbeat(Bytes.of(noise));
      return "went on";
    }

    @Activity
    public Object attempt(ActivityContext context) {
      OptionalInt attempt = context.info().attempt();
      return Map.of(
          "attempt", attempt.orElse(0), "last", context.info().lastHeartbeat().orElse("none"));
    }
  }

  private final FakeSwf swf = new FakeSwf();
  private final ManualScheduler clock = new ManualScheduler();
  private final Statistics statistics = new Statistics();
  private final Workshop shop =
      Workshops.of(new Shop(), new Payloads(CONVERTER, Map.of()), swf, clock, statistics);

  private Outcome outcome(String name, String input) throws InterruptedException {
    new ActivityRun(FakeSwf.task(name, input), shop).run();
    Outcome outcome = swf.nextAnswer().outcome();
    assertThat(swf.answersLeft()).as("further answers").isZero();
    return outcome;
  }

  private Failure failure(String name, String input) throws InterruptedException {
    Outcome.Failed failed = (Outcome.Failed) outcome(name, input);
    return CONVERTER.decodeFailure(failed.reason(), failed.details());
  }

  @Test
  void aResultIsAnsweredAsAPayload() throws InterruptedException {
    assertThat(outcome("echo", "{\"a\":[1,2.5,null]}"))
        .isEqualTo(new Outcome.Completed("{\"a\":[1,2.5,null]}"));
  }

  @Test
  void nullIsLeftOutOfTheAnswer() throws InterruptedException {
    assertThat(outcome("nothing", null)).isEqualTo(new Outcome.Completed(null));
    assertThat(outcome("echo", null)).isEqualTo(new Outcome.Completed(null));
  }

  @Test
  void aRecordKeepsItsDecimalsInstantsAndBytes() throws InterruptedException {
    Outcome outcome =
        outcome(
            "next",
            "{\"$pyflow\":1,\"enc\":\"xjson\",\"value\":{\"id\":\"o1\",\"amount\":{\"$dec\":\"1.10\"},"
                + "\"at\":{\"$ts\":\"2026-11-23T09:30:00Z\"},\"file\":{\"$bytes\":\"AP8=\"}}}");
    assertThat(CONVERTER.decode(((Outcome.Completed) outcome).result()).value())
        .isEqualTo(
            Map.of(
                "id",
                "o1!",
                "amount",
                new BigDecimal("2.10"),
                "at",
                Instant.parse("2026-11-23T09:30:00.000000001Z"),
                "file",
                Bytes.of((byte) 0xff, (byte) 0)));
  }

  @Test
  void anOptionalInputMayBeLeftOut() throws InterruptedException {
    assertThat(outcome("greet", null)).isEqualTo(new Outcome.Completed("\"hello nobody\""));
    assertThat(outcome("greet", "\"Ada\"")).isEqualTo(new Outcome.Completed("\"hello Ada\""));
  }

  @Test
  void anApplicationFailureArrivesWithAllItSays() throws InterruptedException {
    Failure failure = failure("decline", "\"visa\"");
    assertThat(failure.type()).isEqualTo("CardDeclined");
    assertThat(failure.message()).isEqualTo("visa declined");
    assertThat(failure.nonRetryable()).isTrue();
    assertThat(failure.details()).contains(Map.of("code", 7L));
    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(30));
    assertThat(failure.cause().orElseThrow().type()).isEqualTo("java.lang.IllegalStateException");
    assertThat(failure.cause().orElseThrow().message()).isEqualTo("do not honour");
    assertThat(failure.language()).contains("java");
  }

  @Test
  void theStackOfAFailureIsTheActivitysOwn() throws InterruptedException {
    assertThat(failure("decline", "\"visa\"").stack())
        .singleElement()
        .asString()
        .startsWith("io.pyflow.worker.internal.ActivityRunTest$Shop.decline(ActivityRunTest.java:");
  }

  @Test
  void aStackOverflowIsAnsweredToo() throws InterruptedException {
    assertThat(failure("overflow", "1").type()).isEqualTo("java.lang.StackOverflowError");
  }

  @ParameterizedTest(name = "{0} of {1} fails with {2}, non-retryable: {3}")
  @CsvSource(
      delimiter = ';',
      value = {
        "echo; Hello; pyflow.PayloadDecodeError; true",
        "echo; {\"$pyflow\":2}; pyflow.UnsupportedPayloadVersion; true",
        "echo; {\"$pyflow\":1,\"codecs\":[\"acme\"],\"data\":\"\"}; pyflow.UnknownCodec; false",
        "next; 7; pyflow.ArgumentError; true",
        "next; null; pyflow.ArgumentError; true",
        "overflow; \"7\"; pyflow.ArgumentError; true",
        "overflow; 7.5; pyflow.ArgumentError; true",
        "nothing; 1; pyflow.ArgumentError; true",
        "bulk; 30000; pyflow.ResultTooLarge; true",
        "unencodable; ; pyflow.ResultEncodeError; true",
        "nobody; 1; pyflow.UnknownActivityType; false",
      })
  void whatCannotBeDoneFailsWithAReservedType(
      String name, String input, String type, boolean nonRetryable) throws InterruptedException {
    Failure failure = failure(name, input);
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.nonRetryable()).isEqualTo(nonRetryable);
  }

  @Test
  void aClaimCheckWithoutAStoreIsUnavailableHere() throws InterruptedException {
    String reference =
        "{\"$pyflow\":1,\"ref\":{\"store\":\"default\",\"key\":\"a/b\",\"size\":3,\"sha256\":\"%s\"}}"
            .formatted("0".repeat(64));
    assertThat(failure("echo", reference).type()).isEqualTo("pyflow.PayloadUnavailable");
  }

  @Test
  void headersTellTheActivityOfItsAttempt() throws InterruptedException {
    assertThat(
            outcome(
                "attempt",
                "{\"$pyflow\":1,\"value\":null,\"h\":{\"attempt\":3,\"last_heartbeat\":9}}"))
        .satisfiesAnyOf(
            it -> assertThat(it).isEqualTo(new Outcome.Completed("{\"attempt\":3,\"last\":9}")),
            it -> assertThat(it).isEqualTo(new Outcome.Completed("{\"last\":9,\"attempt\":3}")));
  }

  @Test
  void anActivityMayLeaveItsAnswerToSomebodyElse() {
    assertThat(new ActivityRun(FakeSwf.task("later", null), shop).run())
        .contains(ActivityRun.End.ANSWERED);
    assertThat(swf.answersLeft()).isZero();
    assertThat(statistics.tasks()).isEqualTo(Map.of("later", Map.of(TaskOutcome.DEFERRED, 1L)));
    clock.advance(Duration.ofMinutes(5));
    assertThat(swf.beats).as("heartbeats of a task that was left to somebody else").isEmpty();
  }

  @Test
  void anActivityThatThrowsAfterItLeftItsAnswerFails() throws InterruptedException {
    assertThat(failure("laterThenThrow", null).message()).isEqualTo("could not hand it over");
  }

  @Test
  void memoryThatIsNotThereIsAnsweredToo() throws InterruptedException {
    assertThat(failure("exhaust", null).type()).isEqualTo("java.lang.OutOfMemoryError");
  }

  @Test
  void anActivityGoesOnFromTheLastHeartbeat() throws InterruptedException {
    String input = "{\"$pyflow\":1,\"value\":null,\"h\":{\"last_heartbeat\":%s}}";
    assertThat(outcome("resume", input.formatted("41"))).isEqualTo(new Outcome.Completed("42"));
    assertThat(failure("resume", input.formatted("\"x\"")))
        .satisfies(
            failure -> {
              assertThat(failure.type()).isEqualTo("pyflow.ArgumentError");
              assertThat(failure.nonRetryable()).isTrue();
            });
  }

  @Test
  void theLogOfATaskCarriesItsIds() {
    assertThat(LogRecorder.json(() -> new ActivityRun(FakeSwf.task("later", null), shop).run()))
        .containsExactly(
            "{\"time\": \"2026-11-23T09:30:00.123Z\", \"level\": \"info\","
                + " \"message\": \"activity1 (later 1) of workflow order-7, run run-1 left its answer to somebody else\","
                + " \"workflow_id\": \"order-7\", \"run_id\": \"run-1\", \"activity_id\": \"activity1\","
                + " \"activity\": \"later\", \"version\": \"1\", \"task_list\": \"cards\"}");
  }

  @Test
  void howATaskEndedIsCounted() throws InterruptedException {
    outcome("echo", "1");
    outcome("decline", "\"visa\"");
    canceled(CancelReason.REQUESTED).run();
    canceled(CancelReason.GONE).run();
    canceled(CancelReason.WORKER_SHUTDOWN).run();
    swf.trouble(SwfException.Kind.UNKNOWN, 1);
    new ActivityRun(FakeSwf.task("echo", "1"), shop).run();
    assertThat(statistics.tasks())
        .isEqualTo(
            Map.of(
                "echo", Map.of(TaskOutcome.COMPLETED, 1L, TaskOutcome.DROPPED, 1L),
                "decline", Map.of(TaskOutcome.FAILED, 1L),
                "beat",
                    Map.of(
                        TaskOutcome.CANCELED, 1L,
                        TaskOutcome.DROPPED, 1L,
                        TaskOutcome.HANDED_BACK, 1L)));
  }

  private ActivityRun canceled(CancelReason reason) {
    ActivityRun run = new ActivityRun(FakeSwf.task("beat", null), shop);
    run.cancel(reason);
    return run;
  }

  @Test
  void aRequestedCancellationIsAnsweredCanceledWithTheActivitysDetails()
      throws InterruptedException {
    canceled(CancelReason.REQUESTED).run();
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Canceled("{\"beats\":1}"));
  }

  @Test
  void anActivityThatHeedsNoCancelIsAnsweredWithWhatItReturns() throws InterruptedException {
    ActivityRun run = new ActivityRun(FakeSwf.task("echo", "1"), shop);
    run.cancel(CancelReason.REQUESTED);
    run.run();
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("1"));
  }

  @Test
  void detailsThatNoFormHoldsAreDroppedWithTheirSizeAndTheActivityGoesOn()
      throws InterruptedException {
    List<String> beats = new ArrayList<>();
    Workshop listening =
        new Workshop(
            "shop",
            "cards",
            shop.definitions(),
            shop.payloads(),
            (task, cancellation, mode, timeout) -> new Ear(beats),
            clock,
            shop.responder(),
            shop.answers(),
            shop.interceptors(),
            statistics,
            () -> false);
    new ActivityRun(FakeSwf.task("beatLong", null), listening).run();
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("\"went on\""));
    assertThat(beats)
        .containsExactly("{\"$pyflow\":1,\"enc\":\"json\",\"value\":null,\"dropped\":4049}");
  }

  private record Ear(List<String> beats) implements Heart {
    @Override
    public void start() {}

    @Override
    public void beat(String newest) {
      beats.add(newest);
    }

    @Override
    public void stop() {}
  }

  @Test
  void anActivityStoppedByTheWorkersEndFailsRetryably() throws InterruptedException {
    assertThat(canceled(CancelReason.WORKER_SHUTDOWN).run()).contains(ActivityRun.End.ABANDONED);
    Outcome.Failed failed = (Outcome.Failed) swf.nextAnswer().outcome();
    assertThat(failed.reason()).isEqualTo("pyflow.WorkerShutdown");
    assertThat(CONVERTER.decodeFailure(failed.reason(), failed.details()).nonRetryable()).isFalse();
  }

  @Test
  void aTaskThatIsGoneOrLostIsNotAnswered() {
    canceled(CancelReason.GONE).run();
    canceled(CancelReason.HEARTBEAT_LOST).run();
    assertThat(swf.answersLeft()).isZero();
  }

  @Test
  void aTaskIsAnsweredOnceEvenIfTheWorkerAnswersForIt() throws InterruptedException {
    ActivityRun run = new ActivityRun(FakeSwf.task("echo", "1"), shop);
    assertThat(run.abandon()).contains(ActivityRun.End.ABANDONED);
    assertThat(run.run()).isEmpty();
    assertThat(((Outcome.Failed) swf.nextAnswer().outcome()).reason())
        .isEqualTo("pyflow.WorkerShutdown");
    assertThat(swf.answersLeft()).isZero();
  }
}
