package io.pyflow.worker.internal;

import io.pyflow.codec.ArgumentException;
import io.pyflow.codec.Payload;
import io.pyflow.codec.PayloadException;
import io.pyflow.codec.internal.Refusal;
import io.pyflow.codec.internal.Shown;
import io.pyflow.worker.ActivityCanceledException;
import io.pyflow.worker.ApplicationFailure;
import io.pyflow.worker.CancelReason;
import io.pyflow.worker.WorkerMetrics.TaskOutcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One task from its input to its answer, of which it gets exactly one. */
public final class ActivityRun {
  private static final Logger log = LoggerFactory.getLogger(ActivityRun.class);

  /** How a task ended, for the worker's exit code. */
  public enum End {
    ANSWERED,
    ABANDONED,
    LOST
  }

  private final ActivityTask task;
  private final Workshop shop;
  private final TaskCancellation cancellation = new TaskCancellation();
  private final AtomicBoolean answered = new AtomicBoolean();
  private final AtomicBoolean deferred = new AtomicBoolean();
  private final long started;
  private volatile TaskHeaders headers = new TaskHeaders(Map.of());
  private volatile @Nullable Heart heart;
  private volatile @Nullable Thread thread;

  public ActivityRun(ActivityTask task, Workshop shop) {
    this.task = task;
    this.shop = shop;
    this.started = shop.scheduler().nanos();
  }

  /** Runs the activity and answers its task; empty if another thread answered meanwhile. */
  public Optional<End> run() {
    thread = Thread.currentThread();
    TaskLabels labels = TaskLabels.of(task, shop.taskList());
    try (labels) {
      return answer(outcome());
    }
  }

  private Outcome outcome() {
    try {
      return perform();
    } catch (Throwable e) { // whatever it was, SWF is waiting for an answer
      log.error("{} failed in the worker itself", task, e);
      return shop.answers().threw(e);
    }
  }

  public void cancel(CancelReason reason) {
    cancellation.cancel(reason);
  }

  /** Answers in place of an activity that did not stop, or did not start. */
  Optional<End> abandon() {
    return answer(shop.answers().shutdown());
  }

  /** Whether the activity called {@code System.exit}, from which its thread never comes back. */
  boolean isLeaving() {
    Thread running = thread;
    return running != null
        && Arrays.stream(running.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals("java.lang.Shutdown"));
  }

  /** Fails the task of an activity that is leaving; it would end the next worker too. */
  Optional<End> failLeaving() {
    return answer(
        shop.answers()
            .threw(
                ApplicationFailure.nonRetryable(
                    "SystemExit", "the activity called System.exit: return or throw instead")));
  }

  private Optional<End> answer(Outcome outcome) {
    if (!answered.compareAndSet(false, true)) {
      log.warn("{} ended after the worker had answered for it", task);
      return Optional.empty();
    }
    Heart beating = heart;
    if (beating != null) {
      beating.stop();
    }
    Duration taken = Duration.ofNanos(shop.scheduler().nanos() - started);
    Optional<Duration> left = headers.startToCloseTimeout().map(limit -> limit.minus(taken));
    Responder.Delivery delivery = shop.responder().answer(task.taskToken(), task, outcome, left);
    TaskOutcome end = end(outcome, delivery);
    shop.metrics().taskEnded(task.name(), end, taken);
    return Optional.of(
        end == TaskOutcome.HANDED_BACK
            ? End.ABANDONED
            : delivery == Responder.Delivery.LOST ? End.LOST : End.ANSWERED);
  }

  private static TaskOutcome end(Outcome outcome, Responder.Delivery delivery) {
    if (outcome instanceof Outcome.Failed failed && failed.reason().equals(Answers.SHUTDOWN)) {
      return TaskOutcome.HANDED_BACK;
    } else if (outcome instanceof Outcome.Deferred) {
      return TaskOutcome.DEFERRED;
    } else if (outcome instanceof Outcome.Dropped || delivery != Responder.Delivery.DELIVERED) {
      return TaskOutcome.DROPPED;
    } else if (outcome instanceof Outcome.Canceled) {
      return TaskOutcome.CANCELED;
    }
    return outcome instanceof Outcome.Failed ? TaskOutcome.FAILED : TaskOutcome.COMPLETED;
  }

  private Outcome perform() {
    ActivityDefinition activity =
        shop.definitions().get(new ActivityDefinition.Key(task.name(), task.version()));
    if (activity == null) {
      String message =
          Refusal.ACTIVITY_UNKNOWN.sentence(
              task.name() + " " + task.version(),
              Shown.known(
                  shop.definitions().keySet().stream()
                      .map(key -> key.name() + " " + key.version())
                      .toList()));
      log.error("{}: {}", task.activityId(), message);
      return shop.answers().unknownType(message);
    }
    Object input;
    Heart beating;
    try {
      Payload payload = shop.payloads().decode(task.input().orElse(null));
      headers = new TaskHeaders(payload.headers());
      beating = heart(activity);
      heart = beating;
      beating.start();
      input = input(payload, activity.inputType());
    } catch (PayloadException e) {
      log.error("{} is not run: {}", task, e.getMessage());
      return shop.answers().unreadable(e);
    }
    return call(activity, input, beating);
  }

  private @Nullable Object input(Payload payload, Optional<InputType> type) {
    if (type.isPresent()) {
      return type.get().read(payload.value(), shop.payloads().converter(), what("input"));
    }
    if (payload.value() != null) {
      throw new ArgumentException(what("input") + " is given, but the activity takes none");
    }
    return null;
  }

  private Outcome call(ActivityDefinition activity, @Nullable Object input, Heart beating) {
    TaskContext context =
        new TaskContext(
            headers.info(task, shop.domain(), shop.taskList()),
            cancellation,
            beating,
            shop.payloads().converter(),
            shop.stopping(),
            deferred);
    CurrentActivity.set(context);
    try {
      Object result = shop.interceptors().call(activity.body(), input, context);
      return deferred.get()
          ? new Outcome.Deferred()
          : unlessDropped(shop.answers().returned(result, told("result")));
    } catch (ActivityCanceledException e) {
      return canceled(e);
    } catch (Throwable e) { // StackOverflowError and the like must not take the task along
      log.info("{} failed", task, e);
      return unlessDropped(shop.answers().threw(e));
    } finally {
      CurrentActivity.clear();
    }
  }

  private Heart heart(ActivityDefinition activity) {
    Optional<Duration> timeout =
        headers.heartbeatTimeout().or(() -> activity.options().heartbeatTimeout());
    return shop.hearts().of(task, cancellation, activity.options().heartbeat(), timeout);
  }

  private Outcome canceled(ActivityCanceledException e) {
    if (cancellation.reason().isEmpty()) {
      return shop.answers().threw(e); // nobody asked: SWF has no answer "canceled" for that
    }
    return switch (cancellation.reason().get()) {
      case REQUESTED -> shop.answers().canceled(e.details(), told("cancel details"));
      case WORKER_SHUTDOWN -> shop.answers().shutdown();
      case GONE, HEARTBEAT_LOST -> unlessDropped(shop.answers().shutdown());
    };
  }

  private Outcome unlessDropped(Outcome outcome) {
    return cancellation
        .reason()
        .filter(why -> why == CancelReason.GONE || why == CancelReason.HEARTBEAT_LOST)
        .<Outcome>map(why -> new Outcome.Dropped(why))
        .orElse(outcome);
  }

  /** As every language calls it. */
  private String told(String part) {
    return part + " of activity " + task.name() + " " + task.version();
  }

  private String what(String part) {
    return part + " of " + task.activityId() + " (" + task.name() + " " + task.version() + ")";
  }

  @Override
  public String toString() {
    return task.toString();
  }
}
