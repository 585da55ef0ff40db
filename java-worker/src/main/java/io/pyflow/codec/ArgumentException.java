package io.pyflow.codec;

/** The value is a payload, but not what the activity takes. */
public class ArgumentException extends PayloadException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with one sentence.
   *
   * @param message what is wrong, where, and what would help
   */
  public ArgumentException(String message) {
    super(message);
  }

  /**
   * An exception with one sentence, and what is behind it.
   *
   * @param message what is wrong, where, and what would help
   * @param cause what happened
   */
  public ArgumentException(String message, Throwable cause) {
    super(message, cause);
  }
}
