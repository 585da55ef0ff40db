package io.pyflow.worker;

import org.jspecify.annotations.Nullable;

/**
 * Wraps the call of every activity, on its thread and inside its context: it may read the context,
 * throw instead of the activity, and change the result. Thread-safe.
 *
 * <pre>{@code
 * builder.interceptor((context, next) -> {
 *   try (var span = tracer.start(context.info().name())) {
 *     return next.proceed();
 *   }
 * });
 * }</pre>
 */
@FunctionalInterface
public interface ActivityInterceptor {

  /**
   * Calls the activity, or not.
   *
   * @param context the activity's
   * @param next the interceptors inside of this one, and in the end the activity
   * @return the result of the activity, or another one
   * @throws Exception to fail the task, as if the activity had thrown it
   */
  @Nullable Object intercept(ActivityContext context, Next next) throws Exception;

  /** What an interceptor wraps. */
  @FunctionalInterface
  interface Next {

    /**
     * Goes on to the activity.
     *
     * @return what it returned
     * @throws Exception what it threw
     */
    @Nullable Object proceed() throws Exception;
  }
}
