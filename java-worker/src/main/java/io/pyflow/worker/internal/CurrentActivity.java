package io.pyflow.worker.internal;

import io.pyflow.worker.ActivityContext;
import java.util.Optional;

/** Which activity the calling thread runs. */
public final class CurrentActivity {
  private static final ThreadLocal<ActivityContext> CURRENT = new ThreadLocal<>();

  private CurrentActivity() {}

  public static Optional<ActivityContext> get() {
    return Optional.ofNullable(CURRENT.get());
  }

  static void set(ActivityContext context) {
    CURRENT.set(context);
  }

  static void clear() {
    CURRENT.remove();
  }
}
