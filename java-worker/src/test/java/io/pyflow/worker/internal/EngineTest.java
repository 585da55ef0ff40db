package io.pyflow.worker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pyflow.codec.PayloadConverter;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ActivityOptions;
import io.pyflow.worker.HeartbeatMode;
import io.pyflow.worker.WorkerException;
import io.pyflow.worker.WorkerHealth;
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
  private static final Duration BEAT_TIMEOUT = Duration.ofSeconds(1);

  private final FakeSwf swf = new FakeSwf();
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch canceled = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final CyclicBarrier together = new CyclicBarrier(3);

  private Engine engine(int concurrency, int pollers, Duration grace) {
    return engine(concurrency, pollers, grace, Duration.ofMillis(50));
  }

  private Engine engine(int concurrency, int pollers, Duration grace, Duration cancelTimeout) {
    WorkerSettings settings = Workshops.settings(concurrency, pollers, grace, cancelTimeout);
    return Engine.create(
        settings,
        List.of(
            activity("echo", (input, context) -> input),
            activity("meet", (input, context) -> together.await(60, TimeUnit.SECONDS) >= 0),
            activity("deaf", this::deaf),
            activity("polite", this::polite),
            activity("beating", this::beating)),
        new Payloads(PayloadConverter.standard(), Map.of()),
        swf);
  }

  private Object deaf(Object input, ActivityContext context) throws InterruptedException {
    context.cancellation().onCancel(canceled::countDown);
    running.countDown();
    mayEnd.await();
    return "done";
  }

  private Object polite(Object input, ActivityContext context) throws InterruptedException {
    running.countDown();
    context.sleep(Duration.ofMinutes(5));
    return "done";
  }

  private Object beating(Object input, ActivityContext context) throws InterruptedException {
    do {
      context.heartbeat();
    } while (!mayEnd.await(10, TimeUnit.MILLISECONDS));
    return "done";
  }

  private static ActivityDefinition activity(String name, ActivityDefinition.Body body) {
    return new ActivityDefinition(
        name,
        "1",
        ActivityOptions.defaults()
            .withHeartbeat(HeartbeatMode.MANUAL)
            .withHeartbeatTimeout(BEAT_TIMEOUT),
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
  void theFirstSlotThatIsFreeIsPolledFor() throws Exception {
    Engine engine = engine(2, 1, Duration.ofSeconds(20));
    engine.start();
    swf.schedule("meet", null);
    swf.awaitPolls(2);
    swf.schedule("deaf", null);
    running.await();
    CompletableFuture.runAsync(this::meet);
    meet();
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("true"));
    swf.schedule("echo", "7");
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("7"));
    mayEnd.countDown();
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("\"done\""));
    drain(engine).get();
    assertThat(engine.abandoned()).isZero();
  }

  private void meet() {
    try {
      together.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
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
  void heartbeatsGoOnInADrain() throws Exception {
    Engine engine = engine(10, 1, Duration.ofHours(1));
    engine.start();
    swf.schedule("beating", null);
    swf.awaitBeats(1);
    CompletableFuture<Void> drained = drain(engine);
    while (!engine.isQuiet()) {
      Thread.onSpinWait();
    }
    int before = swf.beats();
    swf.awaitBeats(before + 2);
    mayEnd.countDown();
    drained.get();
    assertThat(swf.nextAnswer().outcome()).isEqualTo(new Outcome.Completed("\"done\""));
  }

  @Test
  void activitiesThatAreNotDoneInTimeAreToldToStop() throws Exception {
    Engine engine = engine(10, 1, Duration.ZERO, Duration.ofHours(1));
    engine.start();
    swf.schedule("polite", null);
    running.await();
    drain(engine).get();
    assertThat(reason(swf.nextAnswer())).isEqualTo("pyflow.WorkerShutdown");
    assertThat(engine.abandoned()).isEqualTo(1);
  }

  @Test
  void aWorkerIsWellThenDraining() throws Exception {
    Engine engine = engine(3, 1, Duration.ofSeconds(20));
    engine.start();
    swf.schedule("echo", "7");
    swf.nextAnswer();
    assertThat(engine.health().status()).isEqualTo(WorkerHealth.Status.OK);
    assertThat(engine.health().slots()).isEqualTo(3);
    drain(engine).get();
    assertThat(engine.health().status()).isEqualTo(WorkerHealth.Status.DRAINING);
    assertThat(engine.health().busy()).isZero();
  }

  @Test
  void activitiesRunOnVirtualThreadsWhereTheJvmHasThem() throws Exception {
    if (Runtime.version().feature() < 21) {
      assertThatThrownBy(() -> Threads.virtual())
          .hasMessage("virtual threads need Java 21, this is Java " + Runtime.version().feature());
      return;
    }
    CompletableFuture<String> thread = new CompletableFuture<>();
    Threads.virtual().execute(() -> thread.complete(Thread.currentThread().toString()));
    assertThat(thread.get()).startsWith("VirtualThread[");
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
  void aSecondSignalAsksActivitiesToStopAtOnce() throws Exception {
    Engine engine = engine(10, 1, Duration.ofHours(1));
    engine.start();
    swf.schedule("polite", null);
    running.await();
    swf.awaitPolls(2);
    CompletableFuture<Void> drained = CompletableFuture.runAsync(engine::drain);
    engine.hurry();
    drained.get();
    assertThat(reason(swf.nextAnswer())).isEqualTo("pyflow.WorkerShutdown");
    assertThat(engine.abandoned()).isEqualTo(1);
    swf.endPolls();
  }

  @Test
  void aThirdSignalLeavesBehindWhatDoesNotStop() throws Exception {
    Engine engine = engine(10, 1, Duration.ofHours(1), Duration.ofHours(1));
    engine.start();
    swf.schedule("deaf", null);
    running.await();
    CompletableFuture<Void> drained = CompletableFuture.runAsync(engine::drain);
    engine.hurry();
    canceled.await();
    engine.hurry();
    drained.get();
    assertThat(reason(swf.nextAnswer())).isEqualTo("pyflow.WorkerShutdown");
    mayEnd.countDown();
    swf.endPolls();
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
    assertThat(swf.types.keySet())
        .containsExactlyInAnyOrder("echo", "meet", "deaf", "polite", "beating");
    assertThat(swf.types.get("echo").defaults())
        .containsEntry("defaultTaskList", "cards")
        .containsEntry("defaultTaskScheduleToStartTimeout", "NONE")
        .containsEntry("defaultTaskStartToCloseTimeout", "NONE")
        .containsEntry("defaultTaskScheduleToCloseTimeout", "NONE")
        .containsEntry("defaultTaskHeartbeatTimeout", "1");
    drain(engine).get();
  }

  private static String reason(FakeSwf.Answer answer) {
    return ((Outcome.Failed) answer.outcome()).reason();
  }
}
