package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pyflow.codec.PayloadConverter;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ActivityOptions;
import io.pyflow.worker.HeartbeatMode;
import io.pyflow.worker.WorkerException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EngineTest {
  private final FakeSwf swf = new FakeSwf();
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final CyclicBarrier together = new CyclicBarrier(3);

  private Engine engine(int concurrency, int pollers, Duration grace) {
    WorkerSettings settings =
        new WorkerSettings(
            "shop", "cards", concurrency, pollers, grace, Duration.ofMillis(50), true, true, false);
    return Engine.create(
        settings,
        List.of(
            activity("echo", (input, context) -> input),
            activity("meet", (input, context) -> together.await(60, TimeUnit.SECONDS) >= 0),
            activity("deaf", this::deaf),
            activity("polite", this::polite)),
        new Payloads(PayloadConverter.standard(), Map.of()),
        swf);
  }

  private Object deaf(Object input, ActivityContext context) throws InterruptedException {
    running.countDown();
    mayEnd.await();
    return "done";
  }

  private Object polite(Object input, ActivityContext context) throws InterruptedException {
    running.countDown();
    context.sleep(Duration.ofMinutes(5));
    return "done";
  }

  private static ActivityDefinition activity(String name, ActivityDefinition.Body body) {
    return new ActivityDefinition(
        name,
        "1",
        ActivityOptions.defaults().withHeartbeat(HeartbeatMode.MANUAL),
        Optional.of(InputType.of(Object.class)),
        body);
  }

  private CompletableFuture<Void> drain(Engine engine) {
    CompletableFuture<Void> drained = CompletableFuture.runAsync(engine::drain);
    swf.endPolls();
    return drained;
  }

  @Test
  void aTaskIsPolledRunAndAnswered() throws Exception {
    Engine engine = engine(10, 2, Duration.ofSeconds(20));
    engine.start();
    swf.schedule("echo", "[1]");
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("[1]"));
    drain(engine).get();
    assertThat(swf.closed).isTrue();
    assertThat(engine.abandoned()).isZero();
  }

  @Test
  void activitiesRunSideBySide() throws Exception {
    Engine engine = engine(10, 2, Duration.ofSeconds(20));
    engine.start();
    for (int i = 0; i < 3; i++) {
      swf.schedule("meet", null);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("true"));
    }
    drain(engine).get();
  }

  @Test
  void aWorkerPollsOnlyWithAFreeSlot() throws Exception {
    Engine engine = engine(1, 2, Duration.ofSeconds(20));
    engine.start();
    swf.schedule("deaf", null);
    running.await();
    assertThat(swf.polls).as("polls while the only slot is taken").hasValue(1);
    mayEnd.countDown();
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("\"done\""));
    drain(engine).get();
  }

  @Test
  void aDrainWaitsForWhatRuns() throws Exception {
    Engine engine = engine(10, 1, Duration.ofSeconds(30));
    engine.start();
    swf.schedule("deaf", null);
    running.await();
    CompletableFuture<Void> drained = drain(engine);
    mayEnd.countDown();
    drained.get();
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("\"done\""));
    assertThat(engine.abandoned()).isZero();
  }

  @Test
  void aTaskThatAPollInFlightBringsIsRunIfTimeIsLeft() throws Exception {
    Engine engine = engine(10, 1, Duration.ofSeconds(30));
    engine.start();
    swf.awaitPolls(1);
    CompletableFuture<Void> drained = CompletableFuture.runAsync(engine::drain);
    swf.schedule("echo", "7");
    swf.endPolls();
    drained.get();
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("7"));
  }

  @Test
  void aTaskThatComesTooLateIsGivenBack() throws Exception {
    Engine engine = engine(10, 1, Duration.ZERO);
    engine.start();
    swf.schedule("polite", null);
    running.await();
    swf.awaitPolls(2);
    CompletableFuture<Void> drained = CompletableFuture.runAsync(engine::drain);
    assertThat(reason(swf.nextAnswer())).isEqualTo("pyflow.WorkerShutdown");
    swf.schedule("echo", "7");
    assertThat(reason(swf.nextAnswer())).isEqualTo("pyflow.WorkerShutdown");
    swf.endPolls();
    drained.get();
    assertThat(engine.abandoned()).isEqualTo(2);
  }

  @Test
  void anActivityThatDoesNotStopIsAnsweredForOnce() throws Exception {
    Engine engine = engine(10, 1, Duration.ZERO);
    engine.start();
    swf.schedule("deaf", null);
    running.await();
    drain(engine).get();
    mayEnd.countDown();
    assertThat(reason(swf.nextAnswer())).isEqualTo("pyflow.WorkerShutdown");
    assertThat(swf.answersLeft()).isZero();
    assertThat(engine.abandoned()).isEqualTo(1);
  }

  @Test
  void pollsThatFailAreRepeated() throws Exception {
    swf.pollTroubles.add(FakeSwf.trouble(SwfException.Kind.TRANSIENT));
    swf.pollTroubles.add(FakeSwf.trouble(SwfException.Kind.UNKNOWN));
    Engine engine = engine(10, 1, Duration.ofSeconds(20));
    engine.start();
    swf.schedule("echo", "7");
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("7"));
    drain(engine).get();
  }

  @Test
  void aWorkerWhoseDomainIsGoneEndsWithASentence() {
    for (int i = 0; i < 5; i++) {
      swf.pollTroubles.add(FakeSwf.trouble(SwfException.Kind.UNKNOWN));
    }
    Engine engine = engine(10, 1, Duration.ZERO);
    engine.start();
    engine.awaitTermination();
    assertThat(engine.failure().orElseThrow())
        .hasMessage(
            "SWF at memory refuses to be polled for task list cards of domain 'shop': trouble");
  }

  @Test
  void anUnregisteredDomainStopsTheStart() {
    swf.troubles.add(FakeSwf.trouble(SwfException.Kind.UNKNOWN));
    Engine engine = engine(10, 1, Duration.ZERO);
    assertThatThrownBy(engine::start)
        .isInstanceOf(WorkerException.class)
        .hasMessage(
            "domain 'shop' is not registered in SWF at memory: register it, or name another");
    engine.drain();
    assertThat(swf.closed).isTrue();
  }

  @Test
  void everyTypeIsRegisteredWithEveryDefault() throws Exception {
    Engine engine = engine(10, 1, Duration.ofSeconds(20));
    engine.start();
    assertThat(swf.types.keySet()).containsExactlyInAnyOrder("echo", "meet", "deaf", "polite");
    assertThat(swf.types.get("echo").defaults())
        .containsEntry("defaultTaskList", "cards")
        .containsEntry("defaultTaskScheduleToStartTimeout", "NONE")
        .containsEntry("defaultTaskStartToCloseTimeout", "NONE")
        .containsEntry("defaultTaskScheduleToCloseTimeout", "NONE")
        .containsEntry("defaultTaskHeartbeatTimeout", "NONE");
    drain(engine).get();
  }

  private static String reason(FakeSwf.Answer answer) {
    return ((Outcome.Failed) answer.outcome()).reason();
  }
}
