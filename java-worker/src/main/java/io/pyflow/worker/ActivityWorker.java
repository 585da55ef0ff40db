package io.pyflow.worker;

import io.pyflow.codec.PayloadCodec;
import io.pyflow.worker.internal.ActivityDefinition;
import io.pyflow.worker.internal.EndingSignals;
import io.pyflow.worker.internal.Engine;
import io.pyflow.worker.internal.Identity;
import io.pyflow.worker.internal.InputType;
import io.pyflow.worker.internal.MethodActivities;
import io.pyflow.worker.internal.SwfGateway;
import io.pyflow.worker.internal.WorkerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Polls a task list and runs activities, each task answered once. Thread-safe.
 *
 * <pre>{@code
 * try (var worker = ActivityWorker.builder().domain("shop").taskList("cards")
 *         .activity("charge", "1", Order.class, (order, context) -> Receipts.charge(order)).build()) {
 *   worker.run();
 * }
 * }</pre>
 *
 * Closing it drains: no new polls; polls in flight and running activities are waited for, up to the
 * graceful timeout; what still runs is asked to stop, and answered for after five seconds.
 */
public final class ActivityWorker implements AutoCloseable {
  private final Engine engine;

  private ActivityWorker(Engine engine) {
    this.engine = engine;
  }

  /**
   * Starts describing a worker.
   *
   * @return a builder that wants a domain, a task list and at least one activity
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts, and returns when the worker was closed, from another thread or by a signal. SIGTERM and
   * SIGINT belong to it meanwhile: the first closes it, the second ends the wait for activities and
   * asks them to stop, the third leaves them behind.
   *
   * @throws WorkerException if it cannot start or go on
   */
  public void run() {
    Thread hook = new Thread(this::close, "pyflow-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    EndingSignals signals = EndingSignals.to(this::close, this::hurry);
    try (signals) {
      start();
      awaitTermination();
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the process is ending: the hook runs
      }
    }
  }

  /**
   * Registers the activity types and starts polling, on threads of its own.
   *
   * @throws WorkerException if SWF cannot be reached, or refuses
   */
  public void start() {
    engine.start();
  }

  /** Takes no more tasks; those that run go on. */
  public void quiet() {
    engine.quiet();
  }

  /**
   * Waits until the worker is closed.
   *
   * @throws WorkerException if it closed itself because it could not go on
   */
  public void awaitTermination() {
    engine.awaitTermination();
    engine
        .failure()
        .ifPresent(
            reason -> {
              throw reason;
            });
  }

  /**
   * How the worker is; what {@code /health} says.
   *
   * @return a moment's view
   */
  public WorkerHealth health() {
    return engine.health();
  }

  /**
   * Where {@code /metrics} and {@code /health} are served, once the worker was started.
   *
   * @return the port on 127.0.0.1, if the builder was told of one
   */
  public OptionalInt metricsPort() {
    return engine.metricsPort();
  }

  /** Drains and stops; returns when no task is left without an answer. */
  @Override
  public void close() {
    engine.drain();
  }

  /**
   * Ends the wait that a close is in: first that for polls and activities, then that for activities
   * that were asked to stop. A task that an open poll gets then is lost until its timeout.
   */
  public void hurry() {
    engine.hurry();
  }

  /**
   * How many tasks were given up: failed with {@code pyflow.WorkerShutdown}, or not answered.
   *
   * @return a count that is final once the worker is closed
   */
  public int abandoned() {
    return engine.abandoned();
  }

  /** Describes an {@link ActivityWorker}. Not thread-safe. */
  public static final class Builder extends SwfAccess<Builder> {
    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);
    private static final int IDENTITY_LIMIT = 256;

    private final Map<ActivityDefinition.Key, ActivityDefinition> activities =
        new LinkedHashMap<>();
    private Optional<String> domain = Optional.empty();
    private Optional<String> taskList = Optional.empty();
    private Optional<String> identity = Optional.empty();
    private int concurrency = 10;
    private int pollers = 2;
    private Duration gracefulTimeout = Duration.ofSeconds(70);
    private boolean registration = true;
    private boolean includeStacks = true;
    private boolean virtualThreads;
    private boolean strictRegistration;
    private OptionalInt metricsPort = OptionalInt.empty();
    private final List<ActivityInterceptor> interceptors = new ArrayList<>();
    private final List<WorkerMetrics> metrics = new ArrayList<>();

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * The domain to work in.
     *
     * @param name of a registered domain
     * @return this builder
     */
    public Builder domain(String name) {
      this.domain = Optional.of(name);
      return this;
    }

    /**
     * The task list to poll, which is also the default that the types are registered with.
     *
     * @param name of a task list; it need not be registered
     * @return this builder
     */
    public Builder taskList(String name) {
      this.taskList = Optional.of(name);
      return this;
    }

    /**
     * Adds the activities of an object: its methods with {@link Activity}, and those of interfaces
     * with {@link Activities}.
     *
     * @param implementation called by several threads at a time
     * @return this builder
     * @throws IllegalArgumentException if it has no activity, or one that cannot be called
     */
    public Builder register(Object implementation) {
      MethodActivities.of(implementation).forEach(this::add);
      return this;
    }

    /**
     * Adds a function as an activity, with default options.
     *
     * @param name of the activity type
     * @param version of the activity type
     * @param inputType what the input is read as; {@code Object.class} for the value as it is
     * @param function called by several threads at a time
     * @param <I> what the input is read as
     * @return this builder
     */
    public <I> Builder activity(
        String name,
        String version,
        Class<I> inputType,
        ActivityFunction<I, ? extends @Nullable Object> function) {
      return activity(name, version, ActivityOptions.defaults(), inputType, function);
    }

    /**
     * Adds a function as an activity.
     *
     * @param name of the activity type
     * @param version of the activity type
     * @param options such as its timeouts
     * @param inputType what the input is read as; {@code Object.class} for the value as it is
     * @param function called by several threads at a time
     * @param <I> what the input is read as
     * @return this builder
     */
    @SuppressWarnings("unchecked") // the converter made it an I
    public <I> Builder activity(
        String name,
        String version,
        ActivityOptions options,
        Class<I> inputType,
        ActivityFunction<I, ? extends @Nullable Object> function) {
      add(
          new ActivityDefinition(
              name,
              version,
              options,
              Optional.of(InputType.of(inputType)),
              (input, context) -> function.perform((I) input, context)));
      return this;
    }

    private void add(ActivityDefinition activity) {
      if (activities.putIfAbsent(activity.key(), activity) != null) {
        throw new IllegalArgumentException(
            "activity %s %s is registered twice".formatted(activity.name(), activity.version()));
      }
    }

    /**
     * How many activities run at a time: 10 unless told otherwise.
     *
     * @param value at least 1
     * @return this builder
     */
    public Builder concurrency(int value) {
      this.concurrency = value;
      return this;
    }

    /**
     * How many threads poll: 2 unless told otherwise.
     *
     * @param value at least 1
     * @return this builder
     */
    public Builder pollers(int value) {
      this.pollers = value;
      return this;
    }

    /**
     * How long running activities may go on when the worker is closed: 70 seconds unless told
     * otherwise. Polls in flight are waited for in any case, which takes a minute.
     *
     * @param value 0 or more
     * @return this builder
     */
    public Builder gracefulTimeout(Duration value) {
      this.gracefulTimeout = value;
      return this;
    }

    /**
     * Who polls, for the histories: process id and host unless told otherwise.
     *
     * @param value cut to 256 characters
     * @return this builder
     */
    public Builder identity(String value) {
      this.identity = Optional.of(value);
      return this;
    }

    /**
     * Whether the types are registered at the start: yes unless told otherwise.
     *
     * @param value false if someone else does it
     * @return this builder
     */
    public Builder registration(boolean value) {
      this.registration = value;
      return this;
    }

    /**
     * Whether a type that is registered with other defaults than the code's stops the start: no
     * unless told otherwise, a warning names them then.
     *
     * @param value true to start only with types as the code says
     * @return this builder
     */
    public Builder strictRegistration(boolean value) {
      this.strictRegistration = value;
      return this;
    }

    /**
     * Wraps every activity in an interceptor; the first that is added is the outermost.
     *
     * @param value called by several threads at a time
     * @return this builder
     */
    public Builder interceptor(ActivityInterceptor value) {
      this.interceptors.add(value);
      return this;
    }

    /**
     * Tells somebody what the worker does, such as a registry of metrics.
     *
     * @param value called by several threads at a time
     * @return this builder
     */
    public Builder metrics(WorkerMetrics value) {
      this.metrics.add(value);
      return this;
    }

    /**
     * Serves {@code /metrics} (Prometheus) and {@code /health} (JSON) on 127.0.0.1: nowhere unless
     * told so.
     *
     * @param port 1 to 65,535, or 0 for a free one, see {@link ActivityWorker#metricsPort}
     * @return this builder
     */
    public Builder metricsPort(int port) {
      this.metricsPort = OptionalInt.of(port);
      return this;
    }

    /**
     * Adds a codec that payloads may name to the converter.
     *
     * @param codec such as one that decrypts
     * @return this builder
     */
    public Builder codec(PayloadCodec codec) {
      return converter(converter().withCodec(codec));
    }

    /**
     * Whether failures carry stack traces: yes unless told otherwise.
     *
     * @param value false to keep them private
     * @return this builder
     */
    public Builder includeStacks(boolean value) {
      this.includeStacks = value;
      return this;
    }

    /**
     * Whether activities run on virtual threads: no unless told otherwise. Needs Java 21.
     *
     * @param value true for virtual threads
     * @return this builder
     */
    public Builder virtualThreads(boolean value) {
      this.virtualThreads = value;
      return this;
    }

    /**
     * Builds the worker, which does nothing until it is started.
     *
     * @return a new worker
     * @throws IllegalArgumentException if something is missing or cannot be
     * @throws WorkerException if credentials or a region for AWS are missing
     */
    public ActivityWorker build() {
      WorkerSettings settings =
          new WorkerSettings(
              domain.orElseThrow(() -> missing("domain")),
              taskList.orElseThrow(() -> missing("task list")),
              concurrency,
              pollers,
              gracefulTimeout,
              CANCEL_TIMEOUT,
              registration,
              includeStacks,
              virtualThreads,
              strictRegistration,
              metricsPort,
              interceptors,
              metrics);
      if (activities.isEmpty()) {
        throw missing("activity");
      }
      String who = identity.orElseGet(Identity::ofThisProcess);
      SwfGateway swf =
          swf(
              settings.domain(),
              who.substring(0, Math.min(who.length(), IDENTITY_LIMIT)),
              pollers + concurrency);
      return new ActivityWorker(Engine.create(settings, activities.values(), payloads(), swf));
    }

    private static IllegalArgumentException missing(String what) {
      return new IllegalArgumentException("worker has no " + what + ": give it one");
    }
  }
}
