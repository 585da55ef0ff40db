package io.pyflow.worker;

import io.pyflow.codec.EncodedFailure;
import io.pyflow.codec.PayloadOptions;
import io.pyflow.worker.internal.Failures;
import io.pyflow.worker.internal.Identity;
import io.pyflow.worker.internal.Outcome;
import io.pyflow.worker.internal.Payloads;
import io.pyflow.worker.internal.Responder;
import io.pyflow.worker.internal.Scheduler;
import io.pyflow.worker.internal.SwfException;
import io.pyflow.worker.internal.SwfGateway;
import io.pyflow.worker.internal.SystemScheduler;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers tasks that activities left to somebody else with {@link ActivityContext#completeLater},
 * by their tokens and from any process. Thread-safe.
 *
 * <pre>{@code
 * try (var completion = ActivityCompletion.builder().build()) {
 *   completion.complete(token, new Approval("Ada"));
 * }
 * }</pre>
 *
 * The worker sends no heartbeats for such a task: if its type has a heartbeat timeout, call {@link
 * #heartbeat} until it is answered. Answers are sent again through throttling and lost networks,
 * for up to the timeout.
 */
public final class ActivityCompletion implements AutoCloseable {
  private final SwfGateway swf;
  private final Payloads payloads;
  private final Scheduler clock;
  private final Responder responder;
  private final Duration timeout;

  private ActivityCompletion(SwfGateway swf, Payloads payloads, Duration timeout) {
    this.swf = swf;
    this.payloads = payloads;
    this.clock = new SystemScheduler();
    this.responder = new Responder(swf, clock, new WorkerMetrics() {});
    this.timeout = timeout;
  }

  /**
   * Starts describing one.
   *
   * @return a builder that wants nothing more where the environment says where SWF is
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Answers a task with a result.
   *
   * @param taskToken from {@link ActivityContext#completeLater}
   * @param result any value of the contract, or what Jackson can write
   * @return false if SWF has closed the task meanwhile
   * @throws io.pyflow.codec.PayloadEncodeException if a part of it has no place in the contract
   * @throws io.pyflow.codec.PayloadTooLargeException if it fits in no form and there is no store
   * @throws WorkerException if SWF refuses the answer, or can't be reached
   */
  public boolean complete(String taskToken, @Nullable Object result) {
    return answer(taskToken, new Outcome.Completed(encoded(result, "result")));
  }

  /**
   * Answers a task with a failure.
   *
   * @param taskToken from {@link ActivityContext#completeLater}
   * @param error such as an {@link ApplicationFailure}, whose type the workflow matches on
   * @return false if SWF has closed the task meanwhile
   * @throws WorkerException if SWF refuses the answer, or can't be reached
   */
  public boolean fail(String taskToken, Throwable error) {
    EncodedFailure failure = payloads.converter().encodeFailure(Failures.of(error), true);
    return answer(taskToken, new Outcome.Failed(failure.reason(), failure.details()));
  }

  /**
   * Answers a task canceled, which SWF takes once its cancellation was requested.
   *
   * @param taskToken from {@link ActivityContext#completeLater}
   * @param details any value of the contract
   * @return false if SWF has closed the task meanwhile
   * @throws WorkerException if SWF refuses the answer, or can't be reached
   */
  public boolean cancel(String taskToken, @Nullable Object details) {
    return answer(taskToken, new Outcome.Canceled(encoded(details, "cancellation details")));
  }

  /**
   * Tells SWF that a task is alive.
   *
   * @param taskToken from {@link ActivityContext#completeLater}
   * @param details any value of the contract; over 2,048 characters they are compressed, or dropped
   * @return why the task should stop, if it should: {@link CancelReason#REQUESTED} or {@link
   *     CancelReason#GONE}
   * @throws WorkerException if SWF refuses, or can't be reached
   */
  public Optional<CancelReason> heartbeat(String taskToken, @Nullable Object details) {
    String text = payloads.converter().encodeHeartbeat(details).orElse(null);
    try {
      return swf.heartbeat(taskToken, text)
          ? Optional.of(CancelReason.REQUESTED)
          : Optional.empty();
    } catch (SwfException e) {
      if (e.kind() == SwfException.Kind.UNKNOWN) {
        return Optional.of(CancelReason.GONE);
      }
      throw new WorkerException("a heartbeat did not arrive: " + e.getMessage(), e);
    }
  }

  private @Nullable String encoded(@Nullable Object value, String what) {
    return value == null ? null : payloads.encode(value, PayloadOptions.of(what));
  }

  private boolean answer(String taskToken, Outcome outcome) {
    String what = "an activity that was left to be completed";
    return switch (responder.answer(taskToken, what, outcome, Optional.of(timeout))) {
      case DELIVERED -> true;
      case GONE -> false;
      case LOST ->
          throw new WorkerException(
              "the answer could not be delivered to SWF at %s: the log says why"
                  .formatted(swf.endpoint()));
    };
  }

  /** Closes the client, unless it was given. */
  @Override
  public void close() {
    clock.close();
    swf.close();
  }

  /** Describes an {@link ActivityCompletion}. Not thread-safe. */
  public static final class Builder extends SwfAccess<Builder> {
    private static final int CONNECTIONS = 8;

    private Duration timeout = Duration.ofMinutes(1);

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * For how long an answer that does not arrive is sent again: a minute unless told otherwise.
     *
     * @param value 0 or more
     * @return this builder
     */
    public Builder timeout(Duration value) {
      this.timeout = value;
      return this;
    }

    /**
     * Builds it.
     *
     * @return a new one, to close
     * @throws WorkerException if credentials or a region for AWS are missing
     */
    public ActivityCompletion build() {
      SwfGateway swf = swf("", Identity.ofThisProcess(), CONNECTIONS); // tokens know their domain
      return new ActivityCompletion(swf, payloads(), timeout);
    }
  }
}
