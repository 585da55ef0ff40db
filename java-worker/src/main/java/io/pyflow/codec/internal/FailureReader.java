package io.pyflow.codec.internal;

import io.pyflow.codec.Failure;
import io.pyflow.codec.PayloadDecodeException;
import io.pyflow.codec.UnsupportedPayloadVersionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a failure document, or whatever else stands in a reason and details. */
public final class FailureReader {
  /** Seconds that a failure may ask to wait. */
  static final long LONGEST_WAIT = 1_000_000_000;

  private final EnvelopeReader envelopes;

  public FailureReader(EnvelopeReader envelopes) {
    this.envelopes = envelopes;
  }

  /** Never fails, but for a codec that is not configured here. */
  public Failure read(@Nullable String reason, @Nullable String details) {
    String text = details == null ? "" : details;
    try {
      Object tree = JsonReader.parse(text);
      if (tree instanceof Map<?, ?> envelope && envelope.containsKey(EnvelopeReader.MARK)) {
        EnvelopeReader.checkVersion(envelope.get(EnvelopeReader.MARK));
        return document(content(envelope));
      }
    } catch (PayloadDecodeException | UnsupportedPayloadVersionException e) {
      // Not ours, or broken: the texts themselves still say what happened.
    }
    return new Failure(
        reason == null ? "" : reason,
        text,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private @Nullable Object content(Map<?, ?> envelope) {
    if (EnvelopeReader.content(envelope).equals("failure")) {
      return envelope.get("failure");
    }
    if ("failure".equals(envelope.get("enc"))) {
      byte[] data = EnvelopeReader.data(envelope);
      byte[] bytes = envelopes.undo("failure", EnvelopeReader.codecs(envelope), data);
      return JsonReader.parse(Utf8.read(bytes));
    }
    throw new PayloadDecodeException("envelope holds no failure document");
  }

  private static Failure document(@Nullable Object tree) {
    if (tree instanceof Map<?, ?> document
        && document.get("type") instanceof String type
        && messageOf(document) instanceof String message) {
      return new Failure(
          type,
          message,
          text(document.get("language")),
          text(document.get("class")),
          stack(document.get("stack")),
          Boolean.TRUE.equals(document.get("non_retryable")),
          wait(document.get("retry_after")),
          Optional.ofNullable(Xjson.untag(document.get("details"))),
          document.get("cause") == null
              ? Optional.empty()
              : Optional.of(document(document.get("cause"))));
    }
    throw new PayloadDecodeException("failure document has no text as its type and message");
  }

  private static @Nullable Object messageOf(Map<?, ?> document) {
    return document.containsKey("message") ? document.get("message") : "";
  }

  private static Optional<String> text(@Nullable Object part) {
    return part instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static List<String> stack(@Nullable Object part) {
    boolean texts =
        part instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
    return texts ? ((List<?>) part).stream().map(String.class::cast).toList() : List.of();
  }

  private static Optional<Duration> wait(@Nullable Object part) {
    if (part instanceof Long seconds && seconds >= 0 && seconds <= LONGEST_WAIT) {
      return Optional.of(Duration.ofSeconds(seconds));
    }
    if (part instanceof Double seconds && seconds >= 0 && seconds <= LONGEST_WAIT) {
      return Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
    }
    return Optional.empty();
  }
}
