package io.pyflow.codec;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an SWF string says.
 *
 * @param value null, Boolean, Long, BigInteger, Double, String, {@link Bytes}, Instant, BigDecimal,
 *     List or Map; or a {@link Reference} to it
 * @param headers what came along, such as {@code traceparent}
 * @param id of a signal that may be sent twice
 * @param enveloped whether it was more than plain JSON
 */
public record Payload(
    @Nullable Object value, Map<String, Object> headers, Optional<String> id, boolean enveloped) {}
