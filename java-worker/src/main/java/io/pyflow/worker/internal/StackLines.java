package io.pyflow.worker.internal;

import io.pyflow.worker.ActivityWorker;
import io.pyflow.worker.ApplicationFailure;
import java.util.List;

/** The lines of a stack that are the activity's: without what built the exception or called it. */
final class StackLines {
  private static final String MAKING = ApplicationFailure.class.getName();
  private static final String RUN = ActivityRun.class.getName();
  private static final List<String> CALLING =
      List.of(
          MethodActivities.class.getName(),
          Interceptors.class.getName(),
          ActivityWorker.class.getName(),
          "java.lang.reflect.",
          "java.lang.invoke.",
          "jdk.internal.reflect.");

  private StackLines() {}

  static List<String> of(Throwable error) {
    StackTraceElement[] stack = error.getStackTrace();
    int from = 0;
    while (from < stack.length && stack[from].getClassName().startsWith(MAKING)) {
      from++;
    }
    int to = from;
    while (to < stack.length && !stack[to].getClassName().equals(RUN)) {
      to++;
    }
    while (to < stack.length && to > from && isCalling(stack[to - 1])) {
      to--;
    }
    return List.of(stack).subList(from, to).stream().map(StackTraceElement::toString).toList();
  }

  private static boolean isCalling(StackTraceElement frame) {
    return CALLING.stream().anyMatch(frame.getClassName()::startsWith);
  }
}
