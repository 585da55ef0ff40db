package io.pyflow.worker.internal;

import io.pyflow.codec.PayloadException;
import io.pyflow.worker.HeartbeatMode;
import io.pyflow.worker.WorkerException;
import io.pyflow.worker.WorkerHealth;
import io.pyflow.worker.WorkerMetrics;
import io.pyflow.worker.WorkerMetrics.PollOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a worker: register, poll and run, then drain (worker.md, "shutdown"): no new polls;
 * wait for polls in flight and for activities; ask these to stop; answer for the rest; close.
 */
public final class Engine implements Poller.Desk {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  /** Longer than a poll can take: SWF answers after 60 s, the socket gives up after 75 s. */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(90);

  private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);

  private final WorkerSettings settings;
  private final SwfGateway swf;
  private final Scheduler scheduler;
  private final Responder responder;
  private final Workshop shop;
  private final Slots slots;
  private final Crew crew;
  private final Statistics statistics = new Statistics();
  private final WorkerMetrics metrics;
  private final Pulse pulse;
  private final Relay relay;
  private final ExecutorService threads = Threads.workers();
  private final Optional<ExecutorService> virtual;
  private final CountDownLatch quiet = new CountDownLatch(1);
  private final CountDownLatch terminated = new CountDownLatch(1);
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean draining = new AtomicBoolean();
  private volatile @Nullable WorkerException fatal;
  private volatile @Nullable MetricsServer server;

  public Engine(
      WorkerSettings settings,
      Collection<ActivityDefinition> activities,
      Payloads payloads,
      SwfGateway swf,
      Scheduler scheduler) {
    this.settings = settings;
    this.swf = swf;
    this.scheduler = scheduler;
    List<WorkerMetrics> listeners = new ArrayList<>(settings.metrics());
    listeners.add(statistics);
    this.metrics = new Audience(listeners);
    this.responder = new Responder(swf, scheduler, metrics);
    this.shop =
        new Workshop(
            settings.domain(),
            settings.taskList(),
            byType(activities),
            payloads,
            this::heart,
            scheduler,
            responder,
            new Answers(payloads, settings.includeStacks()),
            new Interceptors(settings.interceptors()),
            metrics,
            this::isQuiet);
    this.crew = new Crew();
    this.slots = new Slots(settings.concurrency(), crew::pollerLeft);
    this.pulse = new Pulse(scheduler, settings.concurrency(), crew::size, this::isQuiet);
    this.virtual = settings.virtualThreads() ? Optional.of(Threads.virtual()) : Optional.empty();
    this.relay = new Relay(slots, threads, virtual, this::admit, this::perform);
  }

  /** An engine on the machine's clock. */
  public static Engine create(
      WorkerSettings settings,
      Collection<ActivityDefinition> activities,
      Payloads payloads,
      SwfGateway swf) {
    return new Engine(settings, activities, payloads, swf, new SystemScheduler());
  }

  private static Map<ActivityDefinition.Key, ActivityDefinition> byType(
      Collection<ActivityDefinition> activities) {
    return activities.stream()
        .collect(Collectors.toMap(ActivityDefinition::key, Function.identity()));
  }

  /** Registers the types, then starts polling. */
  public void start() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("the worker was started before: build another");
    }
    if (settings.metricsPort().isPresent()) {
      server = new MetricsServer(settings.metricsPort().getAsInt(), statistics, pulse::health);
      log.info("metrics at http://127.0.0.1:{}", metricsPort().getAsInt());
    }
    CompletableFuture<Void> warm = CompletableFuture.runAsync(this::warmUp);
    if (settings.register()) {
      new Registration(swf, scheduler, settings.domain(), settings.strictRegistration())
          .registerAll(shop.definitions().values(), settings.taskList());
    }
    warm.join();
    for (int i = 0; i < settings.pollers(); i++) {
      crew.pollerCame();
      relay.start(new Poller(swf, settings, this));
    }
    // The others are daemons, as activities that don't stop must be: this one keeps the JVM alive.
    Threads.named("pyflow-worker", false).newThread(this::awaitTermination).start();
    log.info(
        "polling task list {} of domain {} for {} types of activities",
        settings.taskList(),
        settings.domain(),
        shop.definitions().size());
  }

  /** Reading a class for the first time takes long enough to miss a heartbeat: not with a task. */
  private void warmUp() {
    for (ActivityDefinition activity : shop.definitions().values()) {
      try {
        activity
            .inputType()
            .ifPresent(type -> type.read(Map.of(), shop.payloads().converter(), "nothing"));
      } catch (PayloadException e) {
        // of course it does not fit; the way to read it is known now
      }
    }
  }

  private Optional<ActivityRun> admit(ActivityTask task) {
    ActivityRun run = new ActivityRun(task, shop);
    if (!crew.admit(run)) {
      log.info("{} came too late and is given back", task);
      run.abandon().ifPresent(crew::count);
      return Optional.empty();
    }
    metrics.slotsChanged(crew.size(), settings.concurrency());
    return Optional.of(run);
  }

  private void perform(ActivityRun run) {
    try {
      Optional<ActivityRun.End> ended = run.run();
      pulse.leaving();
      ended.ifPresent(end -> crew.left(run, end));
    } finally {
      crew.left(run);
      metrics.slotsChanged(crew.size(), settings.concurrency());
    }
  }

  private Heart heart(
      ActivityTask task,
      TaskCancellation cancellation,
      HeartbeatMode mode,
      Optional<Duration> timeout) {
    return new Heartbeat(
        task, swf, scheduler, cancellation, mode, timeout, metrics, settings.taskList());
  }

  @Override
  public void polled(PollOutcome outcome) {
    if (outcome != PollOutcome.FAILED) {
      pulse.polled();
    }
    metrics.pollEnded(outcome);
  }

  @Override
  public void pause(Duration time) {
    try {
      quiet.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isQuiet() {
    return quiet.getCount() == 0;
  }

  @Override
  public void fail(WorkerException reason) {
    fatal = reason;
    quiet();
    Threads.named("pyflow-drain", true).newThread(this::drain).start();
  }

  /** Takes no more tasks. */
  public void quiet() {
    quiet.countDown();
    slots.close();
  }

  /** Stops, without losing a task; returns when all is done, whoever began it. */
  public void drain() {
    quiet();
    if (!draining.compareAndSet(false, true)) {
      awaitTermination();
      return;
    }
    try {
      if (started.get()) {
        drainCrew();
      }
    } finally {
      scheduler.close();
      threads.shutdown();
      virtual.ifPresent(ExecutorService::shutdown);
      swf.close();
      MetricsServer serving = server;
      if (serving != null) {
        serving.close();
      }
      terminated.countDown();
    }
  }

  private void drainCrew() {
    for (ActivityRun run : crew.running()) {
      if (run.isLeaving()) {
        log.error("{} called System.exit, so the worker ends", run);
        run.failLeaving();
        crew.left(run, ActivityRun.End.ABANDONED);
      }
    }
    crew.awaitAll(settings.gracefulTimeout());
    responder.hurry(settings.cancelTimeout());
    crew.dismiss();
    crew.awaitActivities(settings.cancelTimeout());
    responder.hurry(LAST_ANSWERS);
    for (ActivityRun run : crew.running()) {
      log.warn("{} did not stop, the worker answers for it", run);
      run.abandon().ifPresent(end -> crew.left(run, end));
    }
    if (!crew.isHurried()) {
      crew.awaitPollers(LONGEST_POLL);
    } else if (crew.pollers() > 0) {
      log.warn("a poll is left open: a task that SWF gives it now is lost until its timeout");
    }
  }

  /**
   * Ends the wait that a drain is in: first that for polls and activities, then that for those who
   * were asked to stop.
   */
  public void hurry() {
    crew.hurry();
  }

  /** Waits until a drain is done. */
  public void awaitTermination() {
    boolean interrupted = false;
    while (true) {
      try {
        terminated.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What made the worker stop if nobody asked it to. */
  public Optional<WorkerException> failure() {
    return Optional.ofNullable(fatal);
  }

  /** How the worker is. */
  public WorkerHealth health() {
    return pulse.health();
  }

  /** Where the metrics are served, once the worker was started. */
  public OptionalInt metricsPort() {
    MetricsServer serving = server;
    return serving == null ? OptionalInt.empty() : OptionalInt.of(serving.port());
  }

  /** How many tasks were given up. */
  public int abandoned() {
    return crew.abandoned();
  }
}
