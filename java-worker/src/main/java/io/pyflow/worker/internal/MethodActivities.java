package io.pyflow.worker.internal;

import io.pyflow.worker.Activities;
import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ActivityOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the activities of an object: annotated methods, and those of annotated interfaces. */
public final class MethodActivities {
  private final Object implementation;
  private final Map<String, ActivityDefinition> found = new LinkedHashMap<>();

  private MethodActivities(Object implementation) {
    this.implementation = implementation;
  }

  /** All activities of an object; at least one. */
  public static List<ActivityDefinition> of(Object implementation) {
    MethodActivities activities = new MethodActivities(implementation);
    types(implementation.getClass()).forEach(activities::addAllOf);
    if (activities.found.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no activities: annotate methods with @Activity, or implement an interface that is annotated with @Activities"
              .formatted(implementation.getClass().getName()));
    }
    return List.copyOf(activities.found.values());
  }

  /** A class, those it extends and all interfaces, each once, the most special first. */
  private static Set<Class<?>> types(Class<?> type) {
    Set<Class<?>> types = new LinkedHashSet<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      types.add(each);
    }
    for (Class<?> each : List.copyOf(types)) {
      addInterfaces(each, types);
    }
    return types;
  }

  private static void addInterfaces(Class<?> type, Set<Class<?>> types) {
    for (Class<?> each : type.getInterfaces()) {
      types.add(each);
      addInterfaces(each, types);
    }
  }

  private void addAllOf(Class<?> type) {
    Optional<Activities> shared = Optional.ofNullable(type.getAnnotation(Activities.class));
    Method[] methods = type.getDeclaredMethods();
    Arrays.sort(methods, (a, b) -> a.toGenericString().compareTo(b.toGenericString()));
    for (Method method : methods) {
      Activity activity = method.getAnnotation(Activity.class);
      boolean ofInterface =
          type.isInterface() && shared.isPresent() && Modifier.isAbstract(method.getModifiers());
      if ((activity != null || ofInterface) && !method.isBridge() && !method.isSynthetic()) {
        add(method, Optional.ofNullable(activity), shared);
      }
    }
  }

  private void add(Method method, Optional<Activity> activity, Optional<Activities> shared) {
    String name = given(activity, Activity::name).orElse(method.getName());
    String version =
        given(activity, Activity::version)
            .or(() -> given(shared, Activities::version))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "activity %s has no version: say @Activity(version = \"1\"), or the same of @Activities"
                            .formatted(where(method))));
    ActivityDefinition definition =
        new ActivityDefinition(
            name, version, options(method, activity, shared), inputType(method), body(method));
    ActivityDefinition other = found.putIfAbsent(name + "\0" + version, definition);
    if (other != null && !overrides(method)) {
      throw new IllegalArgumentException(
          "activity %s %s is there twice in %s: give one of them another name"
              .formatted(name, version, implementation.getClass().getName()));
    }
  }

  /** Whether a more special type, seen before, declares this method too. */
  private boolean overrides(Method method) {
    for (Class<?> type : types(implementation.getClass())) {
      if (type == method.getDeclaringClass()) {
        return false;
      }
      try {
        type.getDeclaredMethod(method.getName(), method.getParameterTypes());
        return true;
      } catch (NoSuchMethodException e) {
        // look further
      }
    }
    return false;
  }

  private static ActivityOptions options(
      Method method, Optional<Activity> activity, Optional<Activities> shared) {
    return new ActivityOptions(
        given(activity, Activity::description),
        given(shared, Activities::taskList),
        timeout(method, activity, Activity::scheduleToStartTimeout),
        timeout(method, activity, Activity::startToCloseTimeout),
        timeout(method, activity, Activity::scheduleToCloseTimeout),
        timeout(method, activity, Activity::heartbeatTimeout),
        activity.map(Activity::heartbeat).orElse(ActivityOptions.defaults().heartbeat()));
  }

  private static Optional<Duration> timeout(
      Method method, Optional<Activity> activity, Function<Activity, String> which) {
    return given(activity, which)
        .map(
            text -> {
              try {
                return Duration.parse(text);
              } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                    "timeout '%s' of activity %s is no ISO 8601 duration like PT30S"
                        .formatted(text, where(method)),
                    e);
              }
            });
  }

  private static <A> Optional<String> given(Optional<A> annotation, Function<A, String> which) {
    return annotation.map(which).filter(text -> !text.isEmpty());
  }

  private static Optional<InputType> inputType(Method method) {
    int count = method.getParameterCount() - (takesContext(method) ? 1 : 0);
    if (count > 1) {
      throw new IllegalArgumentException(
          "activity %s takes %d values, an activity takes one: make them a record"
              .formatted(where(method), count));
    }
    if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
      throw new IllegalArgumentException(
          "activity %s returns a %s: wait for it, and return its value"
              .formatted(where(method), method.getReturnType().getSimpleName()));
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(
            InputType.of(
                method.getGenericParameterTypes()[0],
                method.getAnnotatedParameterTypes()[0],
                method.getParameters()[0]));
  }

  private static boolean takesContext(Method method) {
    int count = method.getParameterCount();
    return count > 0 && method.getParameterTypes()[count - 1] == ActivityContext.class;
  }

  private ActivityDefinition.Body body(Method method) {
    boolean takesInput = inputType(method).isPresent();
    boolean takesContext = takesContext(method);
    if (!method.trySetAccessible()) {
      throw new IllegalArgumentException(
          "activity %s can't be called: make it public, or open its package"
              .formatted(where(method)));
    }
    return (input, context) -> {
      List<@Nullable Object> arguments = new ArrayList<>();
      if (takesInput) {
        arguments.add(input);
      }
      if (takesContext) {
        arguments.add(context);
      }
      try {
        return method.invoke(implementation, arguments.toArray());
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    };
  }

  private static String where(Method method) {
    return method.getDeclaringClass().getName() + "." + method.getName();
  }
}
