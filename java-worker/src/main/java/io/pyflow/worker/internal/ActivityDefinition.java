package io.pyflow.worker.internal;

import io.pyflow.worker.ActivityContext;
import io.pyflow.worker.ActivityOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One activity that a worker can run.
 *
 * @param inputType what the input is read as; empty for an activity that takes none
 */
public record ActivityDefinition(
    String name,
    String version,
    ActivityOptions options,
    Optional<InputType> inputType,
    Body body) {

  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_VERSION = 64;

  /** Refuses names and versions that SWF does not take. */
  public ActivityDefinition {
    checkWord("name", name, LONGEST_NAME);
    checkWord("version", version, LONGEST_VERSION);
  }

  /** The code to run, its input already read as {@link #inputType}. */
  @FunctionalInterface
  public interface Body {
    @Nullable Object perform(@Nullable Object input, ActivityContext context) throws Throwable;
  }

  /** The type by which tasks find their activity. */
  public record Key(String name, String version) {}

  public Key key() {
    return new Key(name, version);
  }

  private static void checkWord(String what, String word, int longest) {
    boolean forbidden =
        word.isEmpty()
            || word.length() > longest
            || word.equals("arn")
            || word.chars().anyMatch(c -> ":/|".indexOf(c) >= 0 || Character.isISOControl(c));
    if (forbidden) {
      throw new IllegalArgumentException(
          "activity %s '%s' is not 1 to %d characters without ':', '/', '|' and control characters, other than 'arn'"
              .formatted(what, word, longest));
    }
  }
}
