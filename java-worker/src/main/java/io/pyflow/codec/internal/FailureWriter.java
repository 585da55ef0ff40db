package io.pyflow.codec.internal;

import io.pyflow.codec.EncodedFailure;
import io.pyflow.codec.Failure;
import io.pyflow.codec.PayloadEncodeException;
import io.pyflow.codec.PayloadOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes a failure in the first step of the ladder that fits (failure.md, "The ladder"). */
public final class FailureWriter {

  private record Step(int message, int stack, int causes, boolean details) {}

  private static final List<Step> LADDER =
      List.of(
          new Step(8_192, 16_384, 10, true),
          new Step(4_096, 8_192, 5, true),
          new Step(4_096, 4_096, 3, false),
          new Step(1_024, 0, 0, false),
          new Step(256, 0, 0, false));

  private static final int NAME_LIMIT = 256;
  private static final int OMISSION = 32; // units set aside for "... n frames omitted ..."

  private final TypedValues typed;
  private final EnvelopeWriter envelopes;

  public FailureWriter(TypedValues typed, EnvelopeWriter envelopes) {
    this.typed = typed;
    this.envelopes = envelopes;
  }

  /** Reason and details; the codecs are applied to the document. */
  public EncodedFailure write(Failure failure, boolean includeStack, List<String> codecs) {
    String details = "";
    for (Step step : LADDER) {
      Step allowed =
          includeStack ? step : new Step(step.message(), 0, step.causes(), step.details());
      details = details(document(failure, allowed, 0), codecs);
      if (details.length() <= PayloadOptions.DATA_LIMIT) {
        break;
      }
    }
    return new EncodedFailure(type(failure), details);
  }

  private String details(Map<String, @Nullable Object> document, List<String> codecs) {
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put(EnvelopeReader.MARK, 1L);
    if (codecs.isEmpty()) {
      envelope.put("failure", document);
    } else {
      byte[] bytes = JsonWriter.write(document).getBytes(StandardCharsets.UTF_8);
      envelope.put("enc", "failure");
      envelope.put("codecs", codecs);
      envelope.put("data", Base64Text.write(envelopes.apply(bytes, codecs)));
    }
    return JsonWriter.write(envelope);
  }

  private Map<String, @Nullable Object> document(Failure failure, Step step, int depth) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("type", type(failure));
    document.put("message", Unicode.cut(Unicode.scrub(failure.message()), step.message() >> depth));
    failure
        .language()
        .ifPresent(
            language ->
                document.put("language", Unicode.prefix(Unicode.scrub(language), NAME_LIMIT)));
    failure
        .className()
        .ifPresent(name -> document.put("class", Unicode.cut(Unicode.scrub(name), NAME_LIMIT)));
    List<String> stack = stack(failure.stack(), step.stack() >> depth);
    if (!stack.isEmpty()) {
      document.put("stack", stack);
    }
    if (failure.nonRetryable()) {
      document.put("non_retryable", true);
    }
    failure
        .retryAfter()
        .filter(wait -> !wait.isNegative() && wait.toSeconds() <= FailureReader.LONGEST_WAIT)
        .ifPresent(wait -> document.put("retry_after", seconds(wait)));
    if (failure.details().isPresent()) {
      Optional<Object> details = step.details() ? details(failure) : Optional.empty();
      document.put(
          details.isPresent() ? "details" : "details_omitted", details.orElse(Boolean.TRUE));
    }
    if (failure.cause().isPresent()) {
      if (depth < step.causes()) {
        document.put("cause", document(failure.cause().get(), step, depth + 1));
      } else {
        document.put("cause_omitted", true);
      }
    }
    return document;
  }

  /** The type on one line, as long as a reason may be. */
  private static String type(Failure failure) {
    StringBuilder type = new StringBuilder(Unicode.scrub(failure.type()));
    for (int i = 0; i < type.length(); i++) {
      if (Character.isISOControl(type.charAt(i))) {
        type.setCharAt(i, ' ');
      }
    }
    return Unicode.prefix(type.toString(), NAME_LIMIT);
  }

  /** In xjson; empty if they have no place in the model: a failure is never lost for that. */
  private Optional<Object> details(Failure failure) {
    try {
      return Optional.ofNullable(
          Xjson.tag(Model.of(failure.details().orElseThrow(), typed, "details").value()));
    } catch (PayloadEncodeException e) {
      return Optional.empty();
    }
  }

  private static Number seconds(Duration wait) {
    return wait.getNano() == 0 ? (Number) wait.getSeconds() : wait.toNanos() / 1e9;
  }

  /** Two innermost lines for one outermost, as many as there is room for. */
  private static List<String> stack(List<String> lines, int room) {
    if (room == 0) {
      return List.of();
    }
    List<String> scrubbed = lines.stream().map(Unicode::scrub).toList();
    if (scrubbed.stream().mapToLong(FailureWriter::cost).sum() <= room) {
      return scrubbed;
    }
    int left = room - OMISSION;
    int innermost = 0;
    int outermost = 0;
    while (innermost + outermost < scrubbed.size()) {
      boolean fromInside = (innermost + outermost) % 3 < 2;
      int next = fromInside ? innermost : scrubbed.size() - 1 - outermost;
      left -= cost(scrubbed.get(next));
      if (left < 0) {
        break;
      }
      if (fromInside) {
        innermost++;
      } else {
        outermost++;
      }
    }
    List<String> kept = new ArrayList<>(scrubbed.subList(0, innermost));
    kept.add("... %d frames omitted ...".formatted(scrubbed.size() - innermost - outermost));
    kept.addAll(scrubbed.subList(scrubbed.size() - outermost, scrubbed.size()));
    return kept;
  }

  private static int cost(String line) {
    return line.length() + 1;
  }
}
