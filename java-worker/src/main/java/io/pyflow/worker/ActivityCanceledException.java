package io.pyflow.worker;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a heartbeat throws once the activity should stop: let it pass, or clean up and throw it
 * again.
 */
public class ActivityCanceledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final CancelReason reason;
  private final transient @Nullable Object details;

  /**
   * An exception without details.
   *
   * @param reason why the activity should stop
   */
  public ActivityCanceledException(CancelReason reason) {
    this(reason, null, null);
  }

  private ActivityCanceledException(
      CancelReason reason, @Nullable Object details, @Nullable Throwable cause) {
    super("activity canceled: " + reason.word(), cause);
    this.reason = reason;
    this.details = details;
  }

  /**
   * The same with something to tell the decider: {@code throw canceled.withDetails(progress)}.
   *
   * @param details any value of the contract
   * @return a new exception, caused by this one
   */
  public ActivityCanceledException withDetails(Object details) {
    return new ActivityCanceledException(reason, details, this);
  }

  /**
   * Why the activity should stop.
   *
   * @return the reason
   */
  public CancelReason reason() {
    return reason;
  }

  /**
   * What the decider is told; only a {@link CancelReason#REQUESTED} cancellation is answered.
   *
   * @return the details, if any were given
   */
  public Optional<Object> details() {
    return Optional.ofNullable(details);
  }
}
