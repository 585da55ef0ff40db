package io.pyflow.codec;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pyflow.codec.internal.EnvelopeReader;
import io.pyflow.codec.internal.EnvelopeWriter;
import io.pyflow.codec.internal.FailureReader;
import io.pyflow.codec.internal.FailureWriter;
import io.pyflow.codec.internal.TypedValues;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values as SWF strings and back, by the wire contract. Immutable and thread-safe.
 *
 * <p>Values are null, Boolean, Long, BigInteger, Double, String, {@link Bytes}, Instant,
 * BigDecimal, List and Map. Other objects, records above all, are written by Jackson, and read by
 * it where a type is asked for.
 */
public final class PayloadConverter {
  private static final PayloadConverter STANDARD =
      new PayloadConverter(new TypedValues(null), Map.of());

  private final TypedValues typed;
  private final Map<String, PayloadCodec> codecs;
  private final EnvelopeReader reader;
  private final EnvelopeWriter writer;
  private final FailureReader failureReader;
  private final FailureWriter failureWriter;

  private PayloadConverter(TypedValues typed, Map<String, PayloadCodec> codecs) {
    this.typed = typed;
    this.codecs = codecs;
    this.reader = new EnvelopeReader(codecs);
    this.writer = new EnvelopeWriter(typed, codecs);
    this.failureReader = new FailureReader(reader);
    this.failureWriter = new FailureWriter(typed);
  }

  /**
   * No codecs, and a mapper that ignores unknown properties but never turns text into numbers.
   *
   * @return the converter to start from
   */
  public static PayloadConverter standard() {
    return STANDARD;
  }

  /**
   * The same with another mapper for classes of the application.
   *
   * @param mapper copied, and taught the contract's types
   * @return a new converter
   */
  public PayloadConverter withObjectMapper(ObjectMapper mapper) {
    return new PayloadConverter(new TypedValues(mapper), codecs);
  }

  /**
   * The same with a codec that payloads may name.
   *
   * @param codec such as one that decrypts
   * @return a new converter
   */
  public PayloadConverter withCodec(PayloadCodec codec) {
    Map<String, PayloadCodec> more = new LinkedHashMap<>(codecs);
    more.put(codec.name(), codec);
    return new PayloadConverter(typed, Map.copyOf(more));
  }

  /**
   * Writes a value for an SWF field.
   *
   * @param value any value of the contract, or what Jackson can write
   * @param options such as the limit
   * @return the text; {@code null} the value is the text {@code null}
   * @throws PayloadTooLargeException if no form fits
   * @throws PayloadEncodeException if a part of it has no place in the contract
   */
  public String encode(@Nullable Object value, PayloadOptions options) {
    return writer.write(value, options);
  }

  /**
   * Writes the details of a heartbeat; too long ones are replaced by their length.
   *
   * @param details any value of the contract
   * @return at most 2,048 units; empty for null, which SWF does without
   * @throws PayloadEncodeException if a part of it has no place in the contract
   */
  public Optional<String> encodeHeartbeat(@Nullable Object details) {
    return details == null ? Optional.empty() : Optional.of(writer.writeHeartbeat(details));
  }

  /**
   * Reads an SWF field.
   *
   * @param text what the field holds, null if it is absent
   * @return the value and what came with it
   * @throws PayloadDecodeException if it is no payload
   * @throws UnsupportedPayloadVersionException if a newer pyflow wrote it
   * @throws UnknownCodecException if it needs a codec that is not configured here
   */
  public Payload decode(@Nullable String text) {
    return reader.read(text, Optional.empty());
  }

  /**
   * Reads an SWF field that holds a claim check.
   *
   * @param text what the field holds
   * @param stored the bytes found under the reference
   * @return the value and what came with it
   * @throws PayloadDecodeException if these are not the bytes that the reference means
   */
  public Payload resolve(String text, byte[] stored) {
    return reader.read(text, Optional.of(stored));
  }

  /**
   * Turns a decoded value into what an activity takes.
   *
   * @param value as {@link Payload#value} has it
   * @param type such as a record's class
   * @param what the value's name in messages, such as {@code input of activity3 (resize 2.0)}
   * @return an object of that type
   * @throws ArgumentException if it does not fit
   */
  public @Nullable Object read(@Nullable Object value, Type type, String what) {
    return typed.read(value, type, what);
  }

  /**
   * Writes a failure; what is too long is cut.
   *
   * @param failure what went wrong
   * @param includeStack false to keep stacks private
   * @return reason and details
   */
  public EncodedFailure encodeFailure(Failure failure, boolean includeStack) {
    return failureWriter.write(failure, includeStack);
  }

  /**
   * Reads a failure in any form: a document, or plain texts.
   *
   * @param reason SWF's reason, null if absent
   * @param details SWF's details, null if absent
   * @return the failure
   * @throws UnknownCodecException if it needs a codec that is not configured here
   */
  public Failure decodeFailure(@Nullable String reason, @Nullable String details) {
    return failureReader.read(reason, details);
  }
}
