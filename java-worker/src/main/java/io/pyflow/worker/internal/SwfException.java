package io.pyflow.worker.internal;

/** A request that SWF did not carry out, or whose answer never came. */
public final class SwfException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What can be done about it. */
  public enum Kind {
    /** The domain, type, run or task is not there, or no longer: SWF's UnknownResourceFault. */
    UNKNOWN,
    /** Throttled, unreachable or out of order: the same request may succeed later. */
    TRANSIENT,
    /** SWF will not have this request, ever: no permission, or not valid. */
    REFUSED
  }

  private final Kind kind;

  public SwfException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
