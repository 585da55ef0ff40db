package io.pyflow.codec;

/** The encoded value is longer than the SWF field that must hold it. */
public class PayloadTooLargeException extends PayloadEncodeException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with one sentence.
   *
   * @param message what is wrong, where, and what would help
   */
  public PayloadTooLargeException(String message) {
    super(message);
  }

  /**
   * An exception with one sentence, and what is behind it.
   *
   * @param message what is wrong, where, and what would help
   * @param cause what happened
   */
  public PayloadTooLargeException(String message, Throwable cause) {
    super(message, cause);
  }
}
