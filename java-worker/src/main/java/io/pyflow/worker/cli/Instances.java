package io.pyflow.worker.cli;

import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/** Makes the objects whose classes the command line names. */
final class Instances {
  private Instances() {}

  /** By the public constructor without parameters; what is wrong is one sentence. */
  static Object of(String className) {
    String problem;
    @Nullable Throwable cause;
    try {
      return Class.forName(className).getConstructor().newInstance();
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      problem = "is not on the class path: add its folder or jar to -cp";
      cause = e;
    } catch (NoSuchMethodException e) {
      problem = "has no public constructor without parameters: give it one";
      cause = e;
    } catch (InvocationTargetException e) {
      problem = "can't be made, its constructor throws " + e.getCause();
      cause = e;
    } catch (ReflectiveOperationException | LinkageError e) {
      problem = "can't be made: make it and its constructor public (" + e.getMessage() + ")";
      cause = e;
    }
    throw new IllegalArgumentException("class %s %s".formatted(className, problem), cause);
  }

  /** An object that changes the worker's builder. */
  static WorkerConfigurer configurer(String className) {
    if (of(className) instanceof WorkerConfigurer configurer) {
      return configurer;
    }
    throw new IllegalArgumentException(
        "class %s is no %s: let it implement that"
            .formatted(className, WorkerConfigurer.class.getName()));
  }
}
