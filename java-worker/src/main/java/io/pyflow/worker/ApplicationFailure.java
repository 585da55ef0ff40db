package io.pyflow.worker;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Throw it in an activity to fail with a type that the workflow can match on.
 *
 * <pre>{@code
 * throw ApplicationFailure.nonRetryable("CardDeclined", "card declined", Map.of("code", 7));
 * }</pre>
 *
 * The type is stable and made to be matched, at most 256 characters; the message is for people.
 * Details are any value of the contract, or an object that Jackson can write.
 */
public class ApplicationFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String type;
  private final boolean nonRetryable;
  private final transient @Nullable Object details;
  private final @Nullable Duration retryAfter;

  private ApplicationFailure(Builder builder) {
    super(builder.message, builder.cause);
    this.type = builder.type;
    this.nonRetryable = builder.nonRetryable;
    this.details = builder.details;
    this.retryAfter = builder.retryAfter;
  }

  /**
   * A failure that may be tried again.
   *
   * @param type a stable name such as {@code CardDeclined}
   * @param message one line for people
   * @return the failure, to throw
   */
  public static ApplicationFailure retryable(String type, String message) {
    return builder(type, message).build();
  }

  /**
   * A failure that may be tried again, with details.
   *
   * @param type a stable name such as {@code CardDeclined}
   * @param message one line for people
   * @param details any value of the contract
   * @return the failure, to throw
   */
  public static ApplicationFailure retryable(String type, String message, Object details) {
    return builder(type, message).details(details).build();
  }

  /**
   * A failure for which trying again is useless.
   *
   * @param type a stable name such as {@code CardDeclined}
   * @param message one line for people
   * @return the failure, to throw
   */
  public static ApplicationFailure nonRetryable(String type, String message) {
    return builder(type, message).nonRetryable(true).build();
  }

  /**
   * A failure for which trying again is useless, with details.
   *
   * @param type a stable name such as {@code CardDeclined}
   * @param message one line for people
   * @param details any value of the contract
   * @return the failure, to throw
   */
  public static ApplicationFailure nonRetryable(String type, String message, Object details) {
    return builder(type, message).nonRetryable(true).details(details).build();
  }

  /**
   * Starts a failure with more to say.
   *
   * @param type a stable name such as {@code CardDeclined}
   * @param message one line for people
   * @return a builder
   */
  public static Builder builder(String type, String message) {
    return new Builder(type, message);
  }

  /**
   * The stable name that retry policies and workflows match on.
   *
   * @return the type
   */
  public String type() {
    return type;
  }

  /**
   * Whether trying again is useless.
   *
   * @return false unless said otherwise
   */
  public boolean isNonRetryable() {
    return nonRetryable;
  }

  /**
   * What the workflow can read besides the message.
   *
   * @return the details, if any were given
   */
  public Optional<Object> details() {
    return Optional.ofNullable(details);
  }

  /**
   * How long to wait before another attempt makes sense.
   *
   * @return the wait, if one was given
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Builds an {@link ApplicationFailure}. */
  public static final class Builder {
    private final String type;
    private final String message;
    private boolean nonRetryable;
    private @Nullable Object details;
    private @Nullable Duration retryAfter;
    private @Nullable Throwable cause;

    private Builder(String type, String message) {
      if (type.isEmpty()) {
        throw new IllegalArgumentException(
            "a failure's type is empty: give a stable name such as CardDeclined");
      }
      this.type = type;
      this.message = message;
    }

    /**
     * Says whether trying again is useless.
     *
     * @param value true if it is; false by default
     * @return this builder
     */
    public Builder nonRetryable(boolean value) {
      this.nonRetryable = value;
      return this;
    }

    /**
     * Attaches something that the workflow can read.
     *
     * @param value any value of the contract
     * @return this builder
     */
    public Builder details(@Nullable Object value) {
      this.details = value;
      return this;
    }

    /**
     * Says how long to wait before another attempt makes sense.
     *
     * @param value the wait
     * @return this builder
     */
    public Builder retryAfter(Duration value) {
      this.retryAfter = value;
      return this;
    }

    /**
     * Keeps the error behind this one.
     *
     * @param value the cause
     * @return this builder
     */
    public Builder cause(Throwable value) {
      this.cause = value;
      return this;
    }

    /**
     * Builds the failure.
     *
     * @return the failure, to throw
     */
    public ApplicationFailure build() {
      return new ApplicationFailure(this);
    }
  }
}
