package io.pyflow.codec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A failure document: what went wrong, in any language.
 *
 * @param type stable, made to be matched
 * @param message one line for people
 * @param language such as {@code java}
 * @param className the class in that language
 * @param stack lines as that language prints them
 * @param nonRetryable whether trying again is useless
 * @param retryAfter how long to wait before another attempt makes sense
 * @param details any value of the contract
 * @param cause the failure behind this one
 */
public record Failure(
    String type,
    String message,
    Optional<String> language,
    Optional<String> className,
    List<String> stack,
    boolean nonRetryable,
    Optional<Duration> retryAfter,
    Optional<Object> details,
    Optional<Failure> cause) {

  /**
   * A failure that the worker itself reports.
   *
   * @param type such as {@code pyflow.ArgumentError}
   * @param message what is wrong, and what would help
   * @param nonRetryable whether trying again is useless
   * @return a failure without a stack
   */
  public static Failure of(String type, String message, boolean nonRetryable) {
    return new Failure(
        type,
        message,
        Optional.of("java"),
        Optional.empty(),
        List.of(),
        nonRetryable,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
