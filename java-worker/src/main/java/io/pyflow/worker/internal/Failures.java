package io.pyflow.worker.internal;

import io.pyflow.codec.ArgumentException;
import io.pyflow.codec.Failure;
import io.pyflow.worker.ApplicationFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An exception as a failure document. */
public final class Failures {
  /** More than any step of the ladder keeps. */
  private static final int CAUSES = 30;

  private Failures() {}

  public static Failure of(Throwable error) {
    List<Throwable> chain = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable each = error;
        each != null && chain.size() <= CAUSES && seen.add(each);
        each = each.getCause()) {
      chain.add(each);
    }
    Optional<Failure> cause = Optional.empty();
    for (int i = chain.size() - 1; i > 0; i--) {
      cause = Optional.of(one(chain.get(i), cause));
    }
    return one(error, cause);
  }

  /** The type of that failure alone. */
  public static String type(Throwable error) {
    return error instanceof ApplicationFailure given
        ? given.type()
        : error instanceof ArgumentException ? Answers.ARGUMENT : error.getClass().getName();
  }

  private static Failure one(Throwable error, Optional<Failure> cause) {
    Optional<ApplicationFailure> given =
        error instanceof ApplicationFailure failure ? Optional.of(failure) : Optional.empty();
    boolean misfit = error instanceof ArgumentException; // read by the activity itself
    String className = error.getClass().getName();
    return new Failure(
        type(error),
        message(error),
        Optional.of("java"),
        Optional.of(className),
        StackLines.of(error),
        given.map(ApplicationFailure::isNonRetryable).orElse(misfit),
        given.flatMap(ApplicationFailure::retryAfter),
        given.flatMap(ApplicationFailure::details),
        cause);
  }

  private static String message(Throwable error) {
    try {
      return Optional.ofNullable(error.getMessage()).orElse("");
    } catch (RuntimeException | StackOverflowError e) { // an exception's own code may be broken
      return "";
    }
  }
}
