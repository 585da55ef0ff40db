package io.pyflow.testing;

import io.pyflow.codec.Failure;
import io.pyflow.worker.CancelReason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an activity came to, as the decider would learn of it. Immutable. */
public sealed interface ActivityOutcome {

  /**
   * It returned.
   *
   * @param result as the contract's values: a record is a Map here
   */
  record Completed(@Nullable Object result) implements ActivityOutcome {}

  /**
   * It failed, or was not called because its input does not fit.
   *
   * @param failure as the workflow sees it; its type is what policies match on
   */
  record Failed(Failure failure) implements ActivityOutcome {}

  /**
   * It stopped because that was requested.
   *
   * @param details what it told, as the contract's values
   */
  record Canceled(Optional<Object> details) implements ActivityOutcome {}

  /**
   * It gets no answer, since SWF has given up the task.
   *
   * @param reason that it was canceled for
   */
  record Dropped(CancelReason reason) implements ActivityOutcome {}

  /**
   * It left its answer to somebody else.
   *
   * @param taskToken the token that it was given
   */
  record Deferred(String taskToken) implements ActivityOutcome {}
}
