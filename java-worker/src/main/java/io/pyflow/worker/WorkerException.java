package io.pyflow.worker;

/** A worker cannot start or go on, for a reason outside of it: its message says what would help. */
public class WorkerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with one sentence.
   *
   * @param message what is wrong and what would help
   */
  public WorkerException(String message) {
    super(message);
  }

  /**
   * An exception with one sentence, and what is behind it.
   *
   * @param message what is wrong and what would help
   * @param cause what happened
   */
  public WorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
