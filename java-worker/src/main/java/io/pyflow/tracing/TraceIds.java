package io.pyflow.tracing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The ids of traces and spans, as everybody derives them from what SWF tells (protocol/tracing.md,
 * "Ids").
 */
public final class TraceIds {
  private static final int TRACE = 16;
  private static final int SPAN = 8;

  private TraceIds() {}

  /**
   * The id of the trace of a run.
   *
   * @param domain the domain
   * @param workflowId id of the workflow execution
   * @param runId id of the run
   * @return 32 hex digits
   */
  public static String traceId(String domain, String workflowId, String runId) {
    return traceId(digest(domain, workflowId, runId));
  }

  /**
   * The id of the span that began with an event.
   *
   * @param runId id of the run
   * @param activityId empty for the run itself and for its decision tasks
   * @param startedEventId id of that event
   * @return 16 hex digits
   */
  public static String spanId(String runId, String activityId, long startedEventId) {
    return spanId(digest(runId, activityId, Long.toString(startedEventId)));
  }

  /**
   * The id of the run's own span, the parent of all others in its trace.
   *
   * @param runId id of the run
   * @return 16 hex digits
   */
  public static String runSpanId(String runId) {
    return spanId(runId, "", 1);
  }

  static String traceId(byte[] digest) {
    return neverZero(digest, TRACE);
  }

  static String spanId(byte[] digest) {
    return neverZero(digest, SPAN);
  }

  private static String neverZero(byte[] digest, int length) {
    String hex = HexFormat.of().formatHex(digest, 0, length);
    return hex.chars().allMatch(digit -> digit == '0')
        ? hex.substring(0, hex.length() - 1) + "1"
        : hex;
  }

  private static byte[] digest(String... parts) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(String.join("\0", parts).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
