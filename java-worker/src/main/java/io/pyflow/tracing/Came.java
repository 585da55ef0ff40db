package io.pyflow.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.pyflow.worker.ActivityCanceledException;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.CancelReason;
import io.pyflow.worker.internal.Failures;
import java.util.Optional;

/**
 * What the call of an activity came to, as its span says it.
 *
 * @param error the {@code error.type}, where it went wrong
 */
record Came(String outcome, Optional<String> error) {

  static Came back(ActivityContext context) {
    if (isGone(context)) {
      return well("dropped");
    }
    return well(context.isDeferred() ? "deferred" : "completed");
  }

  static Came thrown(ActivityContext context, Throwable error) {
    if (isGone(context)) {
      return well("dropped");
    }
    Optional<CancelReason> reason = context.cancellation().reason();
    if (!(error instanceof ActivityCanceledException) || reason.isEmpty()) {
      return new Came("failed", Optional.of(Failures.type(error)));
    }
    return reason.get() == CancelReason.WORKER_SHUTDOWN
        ? new Came("handed_back", Optional.of("pyflow.WorkerShutdown"))
        : well("canceled");
  }

  void tell(Span span) {
    span.setAttribute("pyflow.outcome", outcome);
    error.ifPresent(
        type -> {
          span.setAttribute("error.type", type);
          span.setStatus(StatusCode.ERROR, type);
        });
  }

  private static Came well(String outcome) {
    return new Came(outcome, Optional.empty());
  }

  private static boolean isGone(ActivityContext context) {
    return context
        .cancellation()
        .reason()
        .filter(why -> why == CancelReason.GONE || why == CancelReason.HEARTBEAT_LOST)
        .isPresent();
  }
}
