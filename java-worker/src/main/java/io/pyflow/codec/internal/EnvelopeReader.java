package io.pyflow.codec.internal;

import io.pyflow.codec.Payload;
import io.pyflow.codec.PayloadCodec;
import io.pyflow.codec.PayloadDecodeException;
import io.pyflow.codec.Reference;
import io.pyflow.codec.UnknownCodecException;
import io.pyflow.codec.UnsupportedPayloadVersionException;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a payload (payload.md, "Reading"). */
public final class EnvelopeReader {
  static final String MARK = "$pyflow";
  private static final int LONGEST_ID = 256;
  private static final List<String> CONTENTS = List.of("value", "data", "ref", "failure");

  private final Map<String, PayloadCodec> known;

  public EnvelopeReader(Map<String, PayloadCodec> known) {
    this.known = known;
  }

  /** Reads a field; the bytes behind a claim check are given where they are known. */
  public Payload read(@Nullable String text, Optional<byte[]> stored) {
    if (text == null || text.isEmpty()) {
      return new Payload(null, Map.of(), Optional.empty(), false);
    }
    Object tree = JsonReader.parse(text);
    if (tree instanceof Map<?, ?> map && map.containsKey(MARK)) {
      return readEnvelope(map, stored);
    }
    Depth.check(tree);
    return new Payload(tree, Map.of(), Optional.empty(), false);
  }

  private Payload readEnvelope(Map<?, ?> envelope, Optional<byte[]> stored) {
    checkVersion(envelope.get(MARK));
    String coding = part(envelope, "enc", String.class).orElse("json");
    Optional<String> id = part(envelope, "id", String.class);
    Map<String, Object> headers = headers(part(envelope, "h", Map.class).orElse(Map.of()));
    List<?> codecs = codecs(envelope);
    if (id.isPresent() && (id.get().isEmpty() || id.get().length() > LONGEST_ID)) {
      throw new PayloadDecodeException("id of the envelope is not 1 to 256 characters");
    }
    checkOneContent(envelope);
    if (envelope.containsKey("failure")) {
      throw new PayloadDecodeException("payload is a failure document where a value is expected");
    }
    if (!List.of("json", "xjson", "msgpack").contains(coding)) {
      throw new PayloadDecodeException("enc '" + Unicode.cut(coding, 60) + "' is unknown");
    }
    return new Payload(content(envelope, coding, codecs, stored), headers, id, true);
  }

  private @Nullable Object content(
      Map<?, ?> envelope, String coding, List<?> codecs, Optional<byte[]> stored) {
    if (envelope.containsKey("value")) {
      if (!codecs.isEmpty() || coding.equals("msgpack")) {
        throw new PayloadDecodeException("envelope has a value where its codecs or enc need data");
      }
      return fromTree(envelope.get("value"), coding);
    }
    if (envelope.containsKey("data")) {
      return fromBytes(data(envelope), coding, codecs);
    }
    Reference reference = References.read(envelope.get("ref"));
    if (stored.isEmpty()) {
      return reference;
    }
    References.verify(reference, stored.get());
    return fromBytes(stored.get(), coding, codecs);
  }

  static void checkOneContent(Map<?, ?> envelope) {
    if (CONTENTS.stream().filter(envelope::containsKey).count() != 1) {
      throw new PayloadDecodeException(
          "envelope has not exactly one of value, data, ref and failure");
    }
  }

  static byte[] data(Map<?, ?> envelope) {
    return Base64Text.read(
        part(envelope, "data", String.class)
            .orElseThrow(() -> new PayloadDecodeException("data of the envelope is no text")));
  }

  static void checkVersion(@Nullable Object version) {
    if (version instanceof Long || version instanceof BigInteger) {
      if (!version.equals(1L)) {
        throw new UnsupportedPayloadVersionException(
            "payload is of version %s, this worker reads version 1: update it".formatted(version));
      }
    } else {
      throw new PayloadDecodeException("'$pyflow' of the envelope is no version number");
    }
  }

  static List<?> codecs(Map<?, ?> envelope) {
    List<?> codecs = part(envelope, "codecs", List.class).orElse(List.of());
    if (!codecs.stream().allMatch(String.class::isInstance)) {
      throw new PayloadDecodeException("codecs of the envelope are not all texts");
    }
    return codecs;
  }

  private static <T> Optional<T> part(Map<?, ?> envelope, String key, Class<T> type) {
    if (!envelope.containsKey(key)) {
      return Optional.empty();
    }
    Object part = envelope.get(key);
    if (!type.isInstance(part)) {
      throw new PayloadDecodeException(
          "%s of the envelope is no %s"
              .formatted(
                  key,
                  type == String.class
                      ? "text"
                      : type.getSimpleName().toLowerCase(java.util.Locale.ROOT)));
    }
    return Optional.of(type.cast(part));
  }

  private static Map<String, Object> headers(Map<?, ?> tagged) {
    Map<String, Object> headers = new LinkedHashMap<>();
    tagged.forEach((name, value) -> headers.put((String) name, Xjson.untag(value)));
    return Collections.unmodifiableMap(headers);
  }

  private static @Nullable Object fromTree(@Nullable Object tree, String coding) {
    if (coding.equals("xjson")) {
      return Xjson.untag(tree);
    }
    Depth.check(tree);
    return tree;
  }

  private @Nullable Object fromBytes(byte[] bytes, String coding, List<?> codecs) {
    byte[] decoded = undo(codecs, bytes);
    return coding.equals("msgpack")
        ? MsgpackReader.read(decoded)
        : fromTree(JsonReader.parse(Utf8.read(decoded)), coding);
  }

  /** The bytes before the codecs, which are undone last to first. */
  byte[] undo(List<?> codecs, byte[] bytes) {
    for (int i = codecs.size() - 1; i >= 0; i--) {
      String name = (String) codecs.get(i);
      if (!name.equals(Zlib.NAME) && !known.containsKey(name)) {
        throw new UnknownCodecException(
            "codec '%s' is not configured here: configure it, or send without it"
                .formatted(Unicode.cut(name, 60)));
      }
    }
    byte[] decoded = bytes;
    for (int i = codecs.size() - 1; i >= 0; i--) {
      String name = (String) codecs.get(i);
      decoded =
          name.equals(Zlib.NAME)
              ? Zlib.decode(decoded)
              : Objects.requireNonNull(known.get(name)).decode(decoded);
      if (decoded.length > Zlib.LARGEST) {
        throw new PayloadDecodeException(
            "payload has more than %d bytes once codec '%s' is undone"
                .formatted(Zlib.LARGEST, Unicode.cut(name, 60)));
      }
    }
    return decoded;
  }
}
