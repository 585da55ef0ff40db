package io.pyflow.testing;

import io.pyflow.codec.PayloadConverter;
import io.pyflow.codec.PayloadOptions;
import io.pyflow.store.PayloadStore;
import io.pyflow.worker.ActivityFunction;
import io.pyflow.worker.ActivityInterceptor;
import io.pyflow.worker.ActivityOptions;
import io.pyflow.worker.CancelReason;
import io.pyflow.worker.internal.ActivityDefinition;
import io.pyflow.worker.internal.ActivityTask;
import io.pyflow.worker.internal.InputType;
import io.pyflow.worker.internal.MethodActivities;
import io.pyflow.worker.internal.Payloads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs activities as a worker does, on the calling thread and without SWF: the input goes through
 * the codec, the activity finds its context, what it returns or throws becomes an answer, and the
 * answer is read as a decider reads it.
 *
 * <pre>{@code
 * var environment = ActivityEnvironment.of(new Cards());
 * Receipt receipt = environment.call("charge", new Order("o1", 995), Receipt.class);
 * assertThat(environment.heartbeats()).containsExactly(Map.of("percent", 50L));
 * }</pre>
 *
 * What is set lasts for all runs that follow. One run at a time; {@link #cancel} and {@link
 * #shutdown} may be called from any thread.
 */
public final class ActivityEnvironment {
  private static final String ID = "activity1";

  private final Map<ActivityDefinition.Key, ActivityDefinition> activities = new LinkedHashMap<>();
  private final List<ActivityInterceptor> interceptors = new ArrayList<>();
  private final Map<String, PayloadStore> stores = new LinkedHashMap<>();
  private final Map<String, Object> headers = new LinkedHashMap<>();
  private final List<Object> heartbeats = new CopyOnWriteArrayList<>();
  private PayloadConverter converter = PayloadConverter.standard();
  private Consumer<@Nullable Object> onHeartbeat = details -> {};
  private volatile boolean stopping;
  private volatile Optional<CancelReason> asked = Optional.empty();
  private volatile @Nullable SoloTask running;

  private ActivityEnvironment() {}

  /**
   * An environment for the activities of objects.
   *
   * @param implementations as the worker's builder registers them
   * @return a new environment
   * @throws IllegalArgumentException if one has no activity, or one that cannot be called
   */
  public static ActivityEnvironment of(Object... implementations) {
    ActivityEnvironment environment = new ActivityEnvironment();
    for (Object implementation : implementations) {
      MethodActivities.of(implementation)
          .forEach(each -> environment.activities.put(each.key(), each));
    }
    return environment;
  }

  /**
   * Adds a function as an activity.
   *
   * @param name of the activity type
   * @param version of the activity type
   * @param inputType what the input is read as; {@code Object.class} for the value as it is
   * @param function the activity
   * @param <I> what the input is read as
   * @return this environment
   */
  @SuppressWarnings("unchecked") // the converter made it an I
  public <I> ActivityEnvironment activity(
      String name,
      String version,
      Class<I> inputType,
      ActivityFunction<I, ? extends @Nullable Object> function) {
    ActivityDefinition activity =
        new ActivityDefinition(
            name,
            version,
            ActivityOptions.defaults(),
            Optional.of(InputType.of(inputType)),
            (input, context) -> function.perform((I) input, context));
    activities.put(activity.key(), activity);
    return this;
  }

  /**
   * Wraps activities as the worker's builder does.
   *
   * @param value an interceptor; the first that is added is the outermost
   * @return this environment
   */
  public ActivityEnvironment interceptor(ActivityInterceptor value) {
    interceptors.add(value);
    return this;
  }

  /**
   * Writes and reads values by another converter.
   *
   * @param value the worker's
   * @return this environment
   */
  public ActivityEnvironment converter(PayloadConverter value) {
    converter = value;
    return this;
  }

  /**
   * Keeps values that SWF can't hold.
   *
   * @param name that payloads carry
   * @param store such as a {@link io.pyflow.store.FileStore}
   * @return this environment
   */
  public ActivityEnvironment store(String name, PayloadStore store) {
    stores.put(name, store);
    return this;
  }

  /**
   * Says which attempt it is.
   *
   * @param number counted from 1
   * @return this environment
   */
  public ActivityEnvironment attempt(int number) {
    return header("attempt", number);
  }

  /**
   * Gives the activity the details of an attempt that timed out.
   *
   * @param details any value of the contract
   * @return this environment
   */
  public ActivityEnvironment lastHeartbeat(Object details) {
    return header("last_heartbeat", details);
  }

  /**
   * Sends a header along with the input.
   *
   * @param name one of the contract's, or one that begins with {@code x-}
   * @param value any value of the contract
   * @return this environment
   */
  public ActivityEnvironment header(String name, Object value) {
    headers.put(name, value);
    return this;
  }

  /**
   * Does something whenever the activity beats, on its thread: such as to {@link #cancel}, which
   * its next heartbeat throws.
   *
   * @param action gets the details as the decider would read them, or null
   * @return this environment
   */
  public ActivityEnvironment onHeartbeat(Consumer<@Nullable Object> action) {
    onHeartbeat = action;
    return this;
  }

  /**
   * Asks the activity that runs to stop, or else the one that runs next.
   *
   * @param reason why
   */
  public void cancel(CancelReason reason) {
    asked = Optional.of(reason);
    SoloTask task = running;
    if (task != null) {
      task.cancel(reason);
      asked = Optional.empty();
    }
  }

  /** Stops the worker, as far as activities can tell, with its time for them already over. */
  public void shutdown() {
    stopping = true;
    cancel(CancelReason.WORKER_SHUTDOWN);
  }

  /**
   * The details of every heartbeat of the last run, none left out, as the decider would read them.
   *
   * @return without those that had no details
   */
  public List<Object> heartbeats() {
    return List.copyOf(heartbeats);
  }

  /**
   * Runs an activity.
   *
   * @param name of the activity type, of which there is one version here
   * @param input any value of the contract, or what Jackson can write; null for none
   * @return what it came to
   * @throws IllegalArgumentException if it is not here, or its input has no place in a payload
   */
  public ActivityOutcome run(String name, @Nullable Object input) {
    List<ActivityDefinition> found =
        activities.values().stream().filter(each -> each.name().equals(name)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "there are %d versions of activity %s here: %s"
              .formatted(
                  found.size(),
                  name,
                  found.isEmpty() ? "register it" : "say which, run(name, version, input)"));
    }
    return run(name, found.get(0).version(), input);
  }

  /**
   * Runs an activity.
   *
   * @param name of the activity type
   * @param version of the activity type; one that is not here fails as a worker fails it
   * @param input any value of the contract, or what Jackson can write; null for none
   * @return what it came to
   * @throws IllegalArgumentException if the input has no place in a payload
   */
  public ActivityOutcome run(String name, String version, @Nullable Object input) {
    heartbeats.clear();
    Payloads payloads = new Payloads(converter, stores);
    PayloadOptions options =
        PayloadOptions.of("input of %s (%s %s)".formatted(ID, name, version)).withHeaders(headers);
    ActivityTask task =
        new ActivityTask(
            "token-" + ID,
            ID,
            name,
            version,
            "workflow1",
            "run1",
            0,
            Optional.of(payloads.encode(input, options)));
    SoloTask solo = new SoloTask(task, payloads, this::heard);
    running = solo;
    try {
      asked.ifPresent(this::cancel);
      return solo.run(activities, interceptors, () -> stopping);
    } finally {
      running = null;
    }
  }

  /**
   * Runs an activity that is to complete.
   *
   * @param name of the activity type, of which there is one version here
   * @param input any value of the contract, or what Jackson can write; null for none
   * @param type what the result is read as, from what the decider would get
   * @param <T> what the result is read as
   * @return the result
   * @throws AssertionError if it comes to anything else
   */
  public <T> @Nullable T call(String name, @Nullable Object input, Class<T> type) {
    ActivityOutcome outcome = run(name, input);
    if (outcome instanceof ActivityOutcome.Completed completed) {
      return type.cast(converter.read(completed.result(), type, "result of " + name));
    }
    throw new AssertionError("activity %s did not complete: %s".formatted(name, outcome));
  }

  private void heard(@Nullable Object details) {
    if (details != null) {
      heartbeats.add(details);
    }
    onHeartbeat.accept(details);
  }
}
