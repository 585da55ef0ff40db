package io.pyflow.codec;

/** The payload needs a codec that is not configured here. */
public class UnknownCodecException extends PayloadException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with one sentence.
   *
   * @param message what is wrong, where, and what would help
   */
  public UnknownCodecException(String message) {
    super(message);
  }

  /**
   * An exception with one sentence, and what is behind it.
   *
   * @param message what is wrong, where, and what would help
   * @param cause what happened
   */
  public UnknownCodecException(String message, Throwable cause) {
    super(message, cause);
  }
}
