package io.pyflow.codec;

/** The payload is in a store that is not configured here, or does not have it. */
public class PayloadUnavailableException extends PayloadException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with one sentence.
   *
   * @param message what is wrong, where, and what would help
   */
  public PayloadUnavailableException(String message) {
    super(message);
  }

  /**
   * An exception with one sentence, and what is behind it.
   *
   * @param message what is wrong, where, and what would help
   * @param cause what happened
   */
  public PayloadUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
