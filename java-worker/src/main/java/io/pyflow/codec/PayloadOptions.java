package io.pyflow.codec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a payload is to be written. Immutable.
 *
 * @param what the producer, for messages: {@code result of activity3 (resize 2.0)}
 * @param limit in UTF-16 units
 * @param coding automatic unless a reader needs another
 * @param headers to send along; they force an envelope
 * @param id of a signal that may be sent twice
 * @param codecs names of configured codecs to apply, in this order
 */
public record PayloadOptions(
    String what,
    int limit,
    Coding coding,
    Map<String, Object> headers,
    Optional<String> id,
    List<String> codecs) {

  /** What an input, a result or the details of a failure may have, in UTF-16 units. */
  public static final int DATA_LIMIT = 32_768;

  /** What the details of a heartbeat may have, in UTF-16 units. */
  public static final int HEARTBEAT_LIMIT = 2_048;

  /** What the reason of a failure may have, in UTF-16 units. */
  public static final int REASON_LIMIT = 256;

  /**
   * 32,768 units, automatic coding, nothing besides.
   *
   * @param what the producer, for messages
   * @return the options to start from
   */
  public static PayloadOptions of(String what) {
    return new PayloadOptions(what, DATA_LIMIT, Coding.AUTO, Map.of(), Optional.empty(), List.of());
  }

  /**
   * The same with another limit.
   *
   * @param units UTF-16 units
   * @return new options
   */
  public PayloadOptions withLimit(int units) {
    return new PayloadOptions(what, units, coding, headers, id, codecs);
  }

  /**
   * The same with another coding.
   *
   * @param value the coding
   * @return new options
   */
  public PayloadOptions withCoding(Coding value) {
    return new PayloadOptions(what, limit, value, headers, id, codecs);
  }

  /**
   * The same with other headers.
   *
   * @param value values by name
   * @return new options
   */
  public PayloadOptions withHeaders(Map<String, Object> value) {
    return new PayloadOptions(what, limit, coding, value, id, codecs);
  }

  /**
   * The same with an id.
   *
   * @param value drawn anew for each signal
   * @return new options
   */
  public PayloadOptions withId(String value) {
    return new PayloadOptions(what, limit, coding, headers, Optional.of(value), codecs);
  }

  /**
   * The same with other codecs.
   *
   * @param names of configured codecs
   * @return new options
   */
  public PayloadOptions withCodecs(List<String> names) {
    return new PayloadOptions(what, limit, coding, headers, id, List.copyOf(names));
  }
}
