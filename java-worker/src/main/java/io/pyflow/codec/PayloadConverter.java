package io.pyflow.codec;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pyflow.codec.internal.EnvelopeReader;
import io.pyflow.codec.internal.EnvelopeWriter;
import io.pyflow.codec.internal.FailureReader;
import io.pyflow.codec.internal.FailureWriter;
import io.pyflow.codec.internal.TypedValues;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
      new PayloadConverter(new TypedValues(null), Map.of(), List.of());

  private final TypedValues typed;
  private final Map<String, PayloadCodec> codecs;
  private final List<String> applied;
  private final EnvelopeReader reader;
  private final EnvelopeWriter writer;
  private final FailureReader failureReader;
  private final FailureWriter failureWriter;

  private PayloadConverter(
      TypedValues typed, Map<String, PayloadCodec> codecs, List<String> applied) {
    this.typed = typed;
    this.codecs = codecs;
    this.applied = applied;
    this.reader = new EnvelopeReader(codecs);
    this.writer = new EnvelopeWriter(typed, codecs);
    this.failureReader = new FailureReader(reader);
    this.failureWriter = new FailureWriter(typed, writer);
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
    return new PayloadConverter(new TypedValues(mapper), codecs, applied);
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
    return new PayloadConverter(typed, Map.copyOf(more), applied);
  }

  /**
   * The same, applying codecs to all that it writes: values, heartbeats and failures.
   *
   * @param names of codecs that it has, in this order; options that name others win
   * @return a new converter
   * @throws IllegalArgumentException if it does not have one
   */
  public PayloadConverter applying(String... names) {
    for (String name : names) {
      if (!codecs.containsKey(name)) {
        throw new IllegalArgumentException("codec '%s' is not configured here".formatted(name));
      }
    }
    return new PayloadConverter(typed, codecs, List.of(names));
  }

  /**
   * The same, reading what is encrypted with any of these keys, and encrypting all that it writes
   * if one of them is for that, after the other codecs that it applies.
   *
   * @param keys a ring
   * @return a new converter
   */
  public PayloadConverter withKeys(KeyRing keys) {
    List<String> names = new ArrayList<>(applied);
    names.remove(Aes256Gcm.NAME);
    if (keys.encryptWith().isPresent()) {
      names.add(Aes256Gcm.NAME);
    }
    return withCodec(new Aes256Gcm(keys)).applying(names.toArray(String[]::new));
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
    return writer.write(value, applied(options));
  }

  /**
   * As {@link #encode}, and what fits in no form becomes a claim check. Nothing is stored here:
   * whoever sends the text stores the bytes first.
   *
   * @param value any value of the contract, or what Jackson can write
   * @param options such as the limit
   * @param store the name of the store to claim from
   * @return the text, and what to store
   * @throws PayloadTooLargeException if not even the claim check fits, or a reader would not take
   *     so many bytes
   * @throws PayloadEncodeException if a part of it has no place in the contract
   */
  public WrittenPayload encode(@Nullable Object value, PayloadOptions options, String store) {
    return writer.write(value, applied(options), Optional.of(store));
  }

  private PayloadOptions applied(PayloadOptions options) {
    return options.codecs().isEmpty() ? options.withCodecs(applied) : options;
  }

  /**
   * Writes the details of a heartbeat; too long ones are replaced by their length.
   *
   * @param details any value of the contract
   * @return at most 2,048 units; empty for null, which SWF does without
   * @throws PayloadEncodeException if a part of it has no place in the contract
   */
  public Optional<String> encodeHeartbeat(@Nullable Object details) {
    return details == null
        ? Optional.empty()
        : Optional.of(writer.writeHeartbeat(details, applied));
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
    return failureWriter.write(failure, includeStack, applied);
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
