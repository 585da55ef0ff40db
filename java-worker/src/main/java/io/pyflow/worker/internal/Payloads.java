package io.pyflow.worker.internal;

import io.pyflow.codec.Payload;
import io.pyflow.codec.PayloadConverter;
import io.pyflow.codec.PayloadOptions;
import io.pyflow.codec.Reference;
import io.pyflow.codec.WrittenPayload;
import io.pyflow.codec.internal.Refusal;
import io.pyflow.codec.internal.Shown;
import io.pyflow.store.PayloadStore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A converter with stores: what lies in one is fetched, what does not fit SWF is stored. This does
 * I/O.
 */
public final class Payloads {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final String LAST_HEARTBEAT = "last_heartbeat";
  private static final int LARGEST = 16 * 1024 * 1024;

  private final PayloadConverter converter;
  private final Map<String, PayloadStore> stores;

  /** The first store is written to, all are read. */
  public Payloads(PayloadConverter converter, Map<String, PayloadStore> stores) {
    this.converter = converter;
    this.stores = new LinkedHashMap<>(stores);
    for (String name : stores.keySet()) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "a store has the name '%s', which must match %s"
                .formatted(name.substring(0, Math.min(name.length(), 80)), NAME));
      }
    }
  }

  public PayloadConverter converter() {
    return converter;
  }

  /** What a field holds, fetched where it is a claim check. */
  public Payload decode(@Nullable String text) {
    Payload payload = converter.decode(text);
    return opened(
        payload.value() instanceof Reference claim
            ? converter.resolve(String.valueOf(text), fetch(claim))
            : payload);
  }

  /** With a last heartbeat that was sealed opened (worker.md, "Keys and stores"). */
  private Payload opened(Payload payload) {
    if (payload.headers().get(LAST_HEARTBEAT) instanceof String last
        && last.startsWith("{\"$pyflow\":1,")
        && last.contains("\"codecs\":")) {
      Map<String, Object> headers = new LinkedHashMap<>(payload.headers());
      headers.put(LAST_HEARTBEAT, converter.decode(last).value());
      return new Payload(
          payload.value(), Collections.unmodifiableMap(headers), payload.id(), payload.enveloped());
    }
    return payload;
  }

  /** A field's text; what does not fit is in the store by then. */
  public String encode(@Nullable Object value, PayloadOptions options) {
    if (stores.isEmpty()) {
      return converter.encode(value, options);
    }
    WrittenPayload written = converter.encode(value, options, stores.keySet().iterator().next());
    written.stored().ifPresent(stored -> keep(stored, options.what()));
    return written.text();
  }

  private void keep(WrittenPayload.Stored stored, String what) {
    String name = stored.reference().store();
    try {
      find(name).put(stored.reference().key(), stored.bytes());
    } catch (Exception e) {
      throw Refusal.STORE_WRITE.with(what, Shown.quoted(name), told(e));
    }
  }

  private byte[] fetch(Reference claim) {
    if (claim.size() > LARGEST) {
      throw Refusal.CLAIM_SIZE.with(claim.size());
    }
    PayloadStore store = find(claim.store());
    Optional<byte[]> stored;
    try {
      stored = store.get(claim.key(), (int) claim.size());
    } catch (Exception e) {
      throw Refusal.STORE_READ.with(Shown.quoted(claim.store()), told(e));
    }
    return stored.orElseThrow(
        () -> Refusal.OBJECT_MISSING.with(Shown.quoted(claim.store()), claim.key()));
  }

  private PayloadStore find(String name) {
    PayloadStore store = stores.get(name);
    if (store == null) {
      throw Refusal.STORE_UNKNOWN.with(Shown.quoted(name), Shown.known(stores.keySet()));
    }
    return store;
  }

  private static String told(Exception error) {
    String message = Optional.ofNullable(error.getMessage()).orElse("");
    return "%s: %s"
        .formatted(error.getClass().getSimpleName(), message)
        .strip()
        .replaceAll("\\s+", " ");
  }
}
