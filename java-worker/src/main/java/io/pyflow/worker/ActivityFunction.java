package io.pyflow.worker;

import org.jspecify.annotations.Nullable;

/**
 * An activity as a function.
 *
 * @param <I> what its input is read as
 * @param <O> what it returns
 */
@FunctionalInterface
public interface ActivityFunction<I, O extends @Nullable Object> {

  /**
   * Runs once for each task, on a thread of its own.
   *
   * @param input the task's input; null only for the input types Object and Void
   * @param context what the activity talks to while it runs
   * @return the result
   * @throws Exception to fail the task; {@link ApplicationFailure} chooses the failure's type
   */
  O perform(I input, ActivityContext context) throws Exception;
}
