package io.pyflow.worker.internal;

import io.pyflow.worker.CancelReason;
import org.jspecify.annotations.Nullable;

/** What an activity comes to, encoded: one answer for each, and none for a task that is gone. */
public sealed interface Outcome {

  /** Answered RespondActivityTaskCompleted. */
  record Completed(@Nullable String result) implements Outcome {}

  /** Answered RespondActivityTaskCanceled. */
  record Canceled(@Nullable String details) implements Outcome {}

  /** Answered RespondActivityTaskFailed. */
  record Failed(String reason, String details) implements Outcome {}

  /** Not answered here: somebody else has the task token. */
  record Deferred() implements Outcome {}

  /** Not answered: SWF has given up the task already. */
  record Dropped(CancelReason why) implements Outcome {}
}
