package io.pyflow.codec;

/** A value that can't be sent, or a text that is no payload. */
public class PayloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with one sentence.
   *
   * @param message what is wrong, where, and what would help
   */
  public PayloadException(String message) {
    super(message);
  }

  /**
   * An exception with one sentence, and what is behind it.
   *
   * @param message what is wrong, where, and what would help
   * @param cause what happened
   */
  public PayloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
