package io.pyflow.codec;

/** The text is not a payload of the contract. */
public class PayloadDecodeException extends PayloadException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with one sentence.
   *
   * @param message what is wrong, where, and what would help
   */
  public PayloadDecodeException(String message) {
    super(message);
  }

  /**
   * An exception with one sentence, and what is behind it.
   *
   * @param message what is wrong, where, and what would help
   * @param cause what happened
   */
  public PayloadDecodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
