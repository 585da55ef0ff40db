package io.pyflow.worker.internal;

import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ActivityInterceptor;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The call of an activity, wrapped by interceptors, the first of them outermost. */
public record Interceptors(List<ActivityInterceptor> outermostFirst) {

  @Nullable Object call(
      ActivityDefinition.Body body, @Nullable Object input, ActivityContext context)
      throws Throwable {
    if (outermostFirst.isEmpty()) {
      return body.perform(input, context);
    }
    ActivityInterceptor.Next next = () -> perform(body, input, context);
    for (int i = outermostFirst.size() - 1; i >= 0; i--) {
      ActivityInterceptor interceptor = outermostFirst.get(i);
      ActivityInterceptor.Next inner = next;
      next = () -> interceptor.intercept(context, inner);
    }
    return next.proceed();
  }

  private static @Nullable Object perform(
      ActivityDefinition.Body body, @Nullable Object input, ActivityContext context)
      throws Exception {
    try {
      return body.perform(input, context);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) { // neither, which an interceptor can't declare
      throw new UndeclaredThrowableException(e);
    }
  }
}
