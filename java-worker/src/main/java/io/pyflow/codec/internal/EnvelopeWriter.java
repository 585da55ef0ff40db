package io.pyflow.codec.internal;

import static java.util.Locale.ROOT;

import io.pyflow.codec.Coding;
import io.pyflow.codec.PayloadCodec;
import io.pyflow.codec.PayloadOptions;
import io.pyflow.codec.Reference;
import io.pyflow.codec.WrittenPayload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a value in the first form that fits (payload.md, "Writing"). */
public final class EnvelopeWriter {
  private static final int HEADERS_LIMIT = 4_096;
  private static final int LONGEST_ID = 256;
  private static final Set<String> HEADERS =
      Set.of(
          "traceparent",
          "tracestate",
          "baggage",
          "attempt",
          "heartbeat_timeout",
          "start_to_close_timeout",
          "last_heartbeat");

  private final TypedValues typed;
  private final Map<String, PayloadCodec> known;

  public EnvelopeWriter(TypedValues typed, Map<String, PayloadCodec> known) {
    this.typed = typed;
    this.known = known;
  }

  /** The text, or a refusal if no form fits. */
  public String write(@Nullable Object value, PayloadOptions options) {
    return write(value, options, Optional.empty()).text();
  }

  /** The text, which is a claim check on the store if nothing else fits, or a refusal. */
  public WrittenPayload write(
      @Nullable Object value, PayloadOptions options, Optional<String> store) {
    Attempts attempts = new Attempts(options.limit());
    return attempt(value, options, attempts)
        .map(text -> new WrittenPayload(text, Optional.empty()))
        .or(() -> store.flatMap(name -> claim(value, options, name)))
        .orElseThrow(
            () ->
                Refusal.TOO_LARGE.with(
                    options.what(), attempts.shortestUncompressed, options.limit()));
  }

  /** The details of a heartbeat, which are dropped rather than refused for their length. */
  public String writeHeartbeat(Object value, List<String> codecs) {
    PayloadOptions options =
        PayloadOptions.of("heartbeat").withLimit(PayloadOptions.HEARTBEAT_LIMIT).withCodecs(codecs);
    Attempts attempts = new Attempts(options.limit());
    return attempt(value, options, attempts)
        .orElseGet(
            () -> {
              Map<String, @Nullable Object> envelope = envelope("json");
              envelope.put("value", null);
              envelope.put("dropped", (long) attempts.shortestUncompressed);
              return JsonWriter.write(envelope);
            });
  }

  private Optional<String> attempt(
      @Nullable Object value, PayloadOptions options, Attempts attempts) {
    if (isBare(value, options)) {
      Optional<String> plain =
          JsonWriter.plain(value).filter(text -> text.length() <= options.limit());
      if (plain.isPresent()) { // as nearly always: one pass was enough
        return plain;
      }
    }
    Model.Checked checked = Model.of(value, typed, options.what());
    String coding = coding(checked, options);
    Map<String, @Nullable Object> extras = extras(options);
    if (coding.equals("msgpack")) {
      byte[] bytes = MsgpackWriter.write(checked.value());
      return attempts
          .uncompressed(data("msgpack", bytes, List.of(), options, extras))
          .or(() -> compressed("msgpack", bytes, options, extras, attempts));
    }
    Object tree = coding.equals("json") ? checked.value() : Xjson.tag(checked.value());
    String written = JsonWriter.write(tree);
    if (options.codecs().isEmpty()) {
      attempts.uncompressed(
          coding.equals("json") && extras.isEmpty() && !looksLikeEnvelope(tree)
              ? written
              : withValue(coding, tree, extras));
    } else {
      attempts.uncompressed(data(coding, utf8(written), List.of(), options, extras));
    }
    return attempts
        .result()
        .or(
            () ->
                options.coding() == Coding.AUTO
                    ? compressed(
                        "msgpack", MsgpackWriter.write(checked.value()), options, extras, attempts)
                    : compressed(coding, utf8(written), options, extras, attempts));
  }

  /** Tries the last form; there is none where a reader would not read what came out. */
  private Optional<String> compressed(
      String coding,
      byte[] bytes,
      PayloadOptions options,
      Map<String, @Nullable Object> extras,
      Attempts attempts) {
    return Amount.isReadable(coding, bytes)
        ? attempts.compressed(() -> data(coding, bytes, ZLIB, options, extras))
        : Optional.empty();
  }

  /** The compressed form as a claim check; none where a reader would not take what is stored. */
  private Optional<WrittenPayload> claim(
      @Nullable Object value, PayloadOptions options, String store) {
    Model.Checked checked = Model.of(value, typed, options.what());
    String coding =
        options.coding() == Coding.AUTO ? "msgpack" : options.coding().name().toLowerCase(ROOT);
    byte[] bytes =
        switch (coding) {
          case "msgpack" -> MsgpackWriter.write(checked.value());
          case "json" -> utf8(JsonWriter.write(checked.value()));
          default -> utf8(JsonWriter.write(Xjson.tag(checked.value())));
        };
    if (!Amount.isReadable(coding, bytes)) {
      return Optional.empty();
    }
    byte[] stored = transform(bytes, ZLIB, options);
    Reference reference = References.of(store, stored);
    Map<String, @Nullable Object> envelope = envelope(coding);
    envelope.put("codecs", names(ZLIB, options));
    envelope.put("ref", References.write(reference));
    envelope.putAll(extras(options));
    String text = JsonWriter.write(envelope);
    return stored.length > Zlib.LARGEST || text.length() > options.limit()
        ? Optional.empty()
        : Optional.of(
            new WrittenPayload(text, Optional.of(new WrittenPayload.Stored(reference, stored))));
  }

  private static final List<String> ZLIB = List.of(Zlib.NAME);

  private static String coding(Model.Checked checked, PayloadOptions options) {
    return switch (options.coding()) {
      case MSGPACK -> "msgpack";
      case XJSON -> "xjson";
      case AUTO -> checked.plain() ? "json" : "xjson";
      case JSON -> {
        if (!checked.plain()) {
          throw Refusal.NO_PLAIN_FORM.with(options.what());
        }
        yield "json";
      }
    };
  }

  /** Whether the value's own JSON is its payload, if it has any. */
  private static boolean isBare(@Nullable Object value, PayloadOptions options) {
    return (options.coding() == Coding.AUTO || options.coding() == Coding.JSON)
        && options.headers().isEmpty()
        && options.id().isEmpty()
        && options.codecs().isEmpty()
        && !looksLikeEnvelope(value);
  }

  private static boolean looksLikeEnvelope(@Nullable Object tree) {
    return tree instanceof Map<?, ?> map && map.containsKey(EnvelopeReader.MARK);
  }

  private static String withValue(
      String coding, @Nullable Object tree, Map<String, @Nullable Object> extras) {
    Map<String, @Nullable Object> envelope = envelope(coding);
    envelope.put("value", tree);
    envelope.putAll(extras);
    return JsonWriter.write(envelope);
  }

  private String data(
      String coding,
      byte[] bytes,
      List<String> first,
      PayloadOptions options,
      Map<String, @Nullable Object> extras) {
    List<String> names = names(first, options);
    Map<String, @Nullable Object> envelope = envelope(coding);
    if (!names.isEmpty()) {
      envelope.put("codecs", names);
    }
    envelope.put("data", Base64Text.write(transform(bytes, first, options)));
    envelope.putAll(extras);
    return JsonWriter.write(envelope);
  }

  private static List<String> names(List<String> first, PayloadOptions options) {
    List<String> names = new ArrayList<>(first);
    names.addAll(options.codecs());
    return names;
  }

  private byte[] transform(byte[] bytes, List<String> first, PayloadOptions options) {
    return apply(first.isEmpty() ? bytes : Zlib.encode(bytes), options.codecs());
  }

  /** The bytes after the user's codecs, in their order. */
  byte[] apply(byte[] bytes, List<String> codecs) {
    byte[] transformed = bytes;
    for (String name : codecs) {
      PayloadCodec codec = known.get(name);
      if (codec == null) {
        throw Refusal.CODEC_UNKNOWN.with(Shown.quoted(name), Shown.known(known.keySet()));
      }
      transformed = codec.encode(transformed);
    }
    return transformed;
  }

  private Map<String, @Nullable Object> extras(PayloadOptions options) {
    Map<String, @Nullable Object> extras = new LinkedHashMap<>();
    if (!options.headers().isEmpty()) {
      extras.put("h", headers(options));
    }
    options
        .id()
        .ifPresent(
            id -> {
              if (id.isEmpty() || id.length() > LONGEST_ID) {
                throw Refusal.ID_SIZE.with(options.what(), id.length());
              }
              extras.put("id", Model.of(id, typed, options.what()).value());
            });
    return extras;
  }

  private Object headers(PayloadOptions options) {
    String what = "headers of " + options.what();
    for (String name : options.headers().keySet()) {
      if (!HEADERS.contains(name) && !name.startsWith("x-")) {
        throw Refusal.HEADER_NAME.with(options.what(), Shown.quoted(name));
      }
    }
    Map<String, @Nullable Object> headers = new LinkedHashMap<>();
    ((Map<?, ?>) Model.of(options.headers(), typed, what).value())
        .forEach((name, value) -> headers.put((String) name, Xjson.tag(value)));
    int units = JsonWriter.write(headers).length();
    if (units > HEADERS_LIMIT) {
      throw Refusal.HEADERS_SIZE.with(options.what(), units);
    }
    return headers;
  }

  private static Map<String, @Nullable Object> envelope(String coding) {
    Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
    envelope.put(EnvelopeReader.MARK, 1L);
    envelope.put("enc", coding);
    return envelope;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The forms tried so far: the first that fits, and how short the others were. */
  private static final class Attempts {
    private final int limit;
    private int shortestUncompressed = Integer.MAX_VALUE;
    private @Nullable String fitting;

    Attempts(int limit) {
      this.limit = limit;
    }

    Optional<String> uncompressed(String text) {
      shortestUncompressed = Math.min(shortestUncompressed, text.length());
      return compressed(() -> text);
    }

    Optional<String> compressed(java.util.function.Supplier<String> form) {
      if (fitting == null) {
        String text = form.get();
        fitting = text.length() <= limit ? text : null;
      }
      return result();
    }

    Optional<String> result() {
      return Optional.ofNullable(fitting);
    }
  }
}
