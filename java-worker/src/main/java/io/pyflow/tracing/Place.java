package io.pyflow.tracing;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the span of an activity hangs on.
 *
 * @param sampled what the headers say of the run; empty where they say nothing
 * @param link a span of another trace that the headers name
 */
record Place(String traceId, String parentSpanId, Optional<Boolean> sampled, Optional<Link> link) {
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", Pattern.DOTALL);
  private static final int SAMPLED = 1;
  private static final int HEX = 16;

  /** A span elsewhere. */
  record Link(String traceId, String spanId, boolean sampled) {}

  static Place of(String domain, String workflowId, String runId, Map<String, Object> headers) {
    String traceId = TraceIds.traceId(domain, workflowId, runId);
    String parent = TraceIds.runSpanId(runId);
    Optional<Link> named = read(headers.get("traceparent"));
    boolean own = named.map(Link::traceId).filter(traceId::equals).isPresent();
    return own
        ? new Place(traceId, parent, named.map(Link::sampled), Optional.empty())
        : new Place(traceId, parent, Optional.empty(), named);
  }

  /** What a {@code traceparent} names; empty for a text that W3C's Trace Context calls invalid. */
  private static Optional<Link> read(@Nullable Object header) {
    Matcher found = TRACEPARENT.matcher(header instanceof String text ? text : "");
    if (!found.matches()
        || found.group(1).equals("ff")
        || (found.group(1).equals("00") && found.group(5) != null)
        || isZero(found.group(2))
        || isZero(found.group(3))) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(found.group(4), HEX) & SAMPLED) != 0;
    return Optional.of(new Link(found.group(2), found.group(3), sampled));
  }

  private static boolean isZero(String hex) {
    return hex.chars().allMatch(digit -> digit == '0');
  }
}
