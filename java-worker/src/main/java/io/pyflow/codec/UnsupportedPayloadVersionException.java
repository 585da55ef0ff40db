package io.pyflow.codec;

/** The payload says a version other than 1: a newer pyflow wrote it. */
public class UnsupportedPayloadVersionException extends PayloadException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with one sentence.
   *
   * @param message what is wrong, where, and what would help
   */
  public UnsupportedPayloadVersionException(String message) {
    super(message);
  }

  /**
   * An exception with one sentence, and what is behind it.
   *
   * @param message what is wrong, where, and what would help
   * @param cause what happened
   */
  public UnsupportedPayloadVersionException(String message, Throwable cause) {
    super(message, cause);
  }
}
