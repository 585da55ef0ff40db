package io.pyflow.codec;

/** The value, or a part of it at the path given, is outside the contract's value model. */
public class PayloadEncodeException extends PayloadException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with one sentence.
   *
   * @param message what is wrong, where, and what would help
   */
  public PayloadEncodeException(String message) {
    super(message);
  }

  /**
   * An exception with one sentence, and what is behind it.
   *
   * @param message what is wrong, where, and what would help
   * @param cause what happened
   */
  public PayloadEncodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
