package io.pyflow.codec.internal;

import io.pyflow.codec.PayloadDecodeException;
import io.pyflow.codec.Reference;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Claim checks (payload.md, "Claim checks"); no I/O here. */
final class References {
  private static final Pattern STORE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9/_.=-]{1,512}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /** 2^53 - 1: the integers that every reader of JSON has. */
  private static final long LARGEST = 9_007_199_254_740_991L;

  private References() {}

  static Reference read(@Nullable Object ref) {
    if (ref instanceof Map<?, ?> map
        && map.get("store") instanceof String store
        && STORE.matcher(store).matches()
        && map.get("key") instanceof String key
        && KEY.matcher(key).matches()
        && !key.contains("..")
        && map.get("size") instanceof Long size
        && size >= 0
        && size <= LARGEST
        && map.get("sha256") instanceof String sha256
        && SHA_256.matcher(sha256).matches()) {
      return new Reference(store, key, size, sha256);
    }
    throw new PayloadDecodeException(
        "ref of the envelope is not the store, key, size and sha256 of a claim check");
  }

  static Reference of(String store, byte[] bytes) {
    String sha256 = sha256(bytes);
    return new Reference(
        store, "sha256/" + sha256.substring(0, 2) + "/" + sha256, bytes.length, sha256);
  }

  static Map<String, Object> write(Reference reference) {
    Map<String, Object> ref = new LinkedHashMap<>();
    ref.put("store", reference.store());
    ref.put("key", reference.key());
    ref.put("size", reference.size());
    ref.put("sha256", reference.sha256());
    return ref;
  }

  static void verify(Reference reference, byte[] stored) {
    if (stored.length != reference.size() || !sha256(stored).equals(reference.sha256())) {
      throw new PayloadDecodeException(
          "bytes at %s in store '%s' are not those of the claim check"
              .formatted(reference.key(), reference.store()));
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
