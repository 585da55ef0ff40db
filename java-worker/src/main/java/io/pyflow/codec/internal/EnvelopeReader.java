package io.pyflow.codec.internal;

import io.pyflow.codec.Payload;
import io.pyflow.codec.PayloadCodec;
import io.pyflow.codec.PayloadException;
import io.pyflow.codec.Reference;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    JsonReader json = new JsonReader(text);
    Object tree = json.read();
    if (tree instanceof Map<?, ?> map && map.containsKey(MARK)) {
      return readEnvelope(map, stored);
    }
    Depth.decoding(json.deepest());
    return new Payload(tree, Map.of(), Optional.empty(), false);
  }

  /** What is wrong is told in the order of refusals.md. */
  private Payload readEnvelope(Map<?, ?> envelope, Optional<byte[]> stored) {
    checkVersion(envelope.get(MARK));
    String coding = coding(envelope);
    List<?> codecs = codecs(envelope);
    String content = content(envelope);
    checkCoding(content, coding, codecs);
    Map<String, Object> headers = headers(envelope);
    Optional<String> id = id(envelope);
    Object value =
        switch (content) {
          case "value" -> fromTree(envelope.get("value"), envelope, coding);
          case "data" -> fromBytes(data(envelope), coding, codecs);
          default -> reference(References.read(envelope.get("ref")), coding, codecs, stored);
        };
    return new Payload(value, headers, id, true);
  }

  private @Nullable Object reference(
      Reference reference, String coding, List<?> codecs, Optional<byte[]> stored) {
    if (stored.isEmpty()) {
      return reference;
    }
    References.verify(reference, stored.get());
    return fromBytes(stored.get(), coding, codecs);
  }

  static void checkVersion(@Nullable Object version) {
    if (!(version instanceof Long || version instanceof BigInteger)) {
      throw Refusal.VERSION_KIND.with(Shown.value(version));
    }
    if (!version.equals(1L)) {
      throw Refusal.VERSION.with(Shown.value(version));
    }
  }

  private static String coding(Map<?, ?> envelope) {
    if (!envelope.containsKey("enc")) {
      return "json";
    }
    if (envelope.get("enc") instanceof String coding) {
      return coding;
    }
    throw Refusal.ENC_KIND.with(Shown.value(envelope.get("enc")));
  }

  static List<?> codecs(Map<?, ?> envelope) {
    if (!envelope.containsKey("codecs")) {
      return List.of();
    }
    if (!(envelope.get("codecs") instanceof List<?> codecs)) {
      throw Refusal.CODECS_KIND.with(Shown.value(envelope.get("codecs")));
    }
    for (Object name : codecs) {
      if (!(name instanceof String)) {
        throw Refusal.CODECS_KIND.with(Shown.value(name));
      }
    }
    return codecs;
  }

  /** The one content that an envelope has. */
  static String content(Map<?, ?> envelope) {
    List<String> contents = CONTENTS.stream().filter(envelope::containsKey).toList();
    if (contents.size() != 1) {
      throw Refusal.CONTENTS.with(
          contents.isEmpty() ? "no content" : String.join(" and ", contents));
    }
    return contents.get(0);
  }

  private static void checkCoding(String content, String coding, List<?> codecs) {
    if (content.equals("failure")) {
      throw Refusal.FAILURE.with();
    }
    if (!List.of("json", "xjson", "msgpack").contains(coding)) {
      throw Refusal.ENC.with(Shown.value(coding));
    }
    if (content.equals("value") && !codecs.isEmpty()) {
      throw Refusal.VALUE_CODECS.with();
    }
    if (content.equals("value") && coding.equals("msgpack")) {
      throw Refusal.VALUE_MSGPACK.with();
    }
  }

  private static Map<String, Object> headers(Map<?, ?> envelope) {
    if (!envelope.containsKey("h")) {
      return Map.of();
    }
    if (!(envelope.get("h") instanceof Map<?, ?> tagged)) {
      throw Refusal.HEADERS_KIND.with(Shown.value(envelope.get("h")));
    }
    Map<String, Object> headers = new LinkedHashMap<>();
    tagged.forEach((name, value) -> headers.put((String) name, Xjson.untag(value, envelope)));
    return Collections.unmodifiableMap(headers);
  }

  private static Optional<String> id(Map<?, ?> envelope) {
    if (!envelope.containsKey("id")) {
      return Optional.empty();
    }
    if (envelope.get("id") instanceof String id && !id.isEmpty() && id.length() <= LONGEST_ID) {
      return Optional.of(id);
    }
    throw Refusal.ID.with(Shown.value(envelope.get("id")));
  }

  static byte[] data(Map<?, ?> envelope) {
    Object data = envelope.get("data");
    return Base64Text.read(data).orElseThrow(() -> Refusal.DATA.with(Shown.value(data)));
  }

  private static @Nullable Object fromTree(
      @Nullable Object tree, @Nullable Object root, String coding) {
    if (coding.equals("xjson")) {
      return Xjson.untag(tree, root);
    }
    Depth.check(tree);
    return tree;
  }

  private @Nullable Object fromBytes(byte[] bytes, String coding, List<?> codecs) {
    byte[] decoded = undo(coding, codecs, bytes);
    if (coding.equals("msgpack")) {
      return MsgpackReader.read(decoded);
    }
    Object tree = JsonReader.parse(Utf8.read(decoded));
    return fromTree(tree, tree, coding);
  }

  /**
   * The bytes before the codecs, which are undone last to first once all of them are known; not too
   * many, and not too many values.
   */
  byte[] undo(String coding, List<?> codecs, byte[] bytes) {
    for (int i = codecs.size() - 1; i >= 0; i--) {
      String name = (String) codecs.get(i);
      if (!name.equals(Zlib.NAME) && !known.containsKey(name)) {
        Set<String> names = new HashSet<>(known.keySet());
        names.add(Zlib.NAME);
        throw Refusal.CODEC_UNKNOWN.with(Shown.quoted(name), Shown.known(names));
      }
    }
    byte[] decoded = bytes;
    for (int i = codecs.size() - 1; i >= 0; i--) {
      String name = (String) codecs.get(i);
      PayloadCodec codec = known.get(name);
      decoded =
          codec == null || name.equals(Zlib.NAME) ? Zlib.decode(decoded) : undo(codec, decoded);
      if (decoded.length > Zlib.LARGEST) {
        throw Refusal.DECODED_SIZE.with(Shown.quoted(name));
      }
    }
    return Amount.checked(coding, decoded);
  }

  private static byte[] undo(PayloadCodec codec, byte[] bytes) {
    try {
      return codec.decode(bytes);
    } catch (PayloadException e) {
      throw e;
    } catch (RuntimeException e) {
      String why = (e.getClass().getSimpleName() + ": " + e.getMessage()).strip();
      PayloadException refusal =
          Refusal.CODEC_UNDO.with(Shown.quoted(codec.name()), why.replaceAll("\\s+", " "));
      refusal.initCause(e);
      throw refusal;
    }
  }
}
