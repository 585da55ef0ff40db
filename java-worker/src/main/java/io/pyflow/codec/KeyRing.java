package io.pyflow.codec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Keys of 32 bytes by their ids: all decrypt, one encrypts. Immutable.
 *
 * <p>To change keys, give the new one to every process, then let it encrypt; keep the old one for
 * as long as histories and stores hold what it encrypted.
 */
public final class KeyRing {
  static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final int KEY_BYTES = 32;

  private final Map<String, byte[]> keys;
  private final Optional<String> encryptWith;

  private KeyRing(Map<String, byte[]> keys, Optional<String> encryptWith) {
    this.keys = new LinkedHashMap<>();
    keys.forEach((id, key) -> this.keys.put(checked(id, key), key.clone()));
    encryptWith
        .filter(id -> !keys.containsKey(id))
        .ifPresent(
            id -> {
              throw new IllegalArgumentException(
                  "a key ring encrypts with '%s', and has no such key".formatted(id));
            });
    this.encryptWith = encryptWith;
  }

  /**
   * A ring that encrypts.
   *
   * @param keys bytes by id
   * @param encryptWith the id of one of them
   * @return a new ring
   * @throws IllegalArgumentException for a key or an id that can't be
   */
  public static KeyRing of(Map<String, byte[]> keys, String encryptWith) {
    return new KeyRing(keys, Optional.of(encryptWith));
  }

  /**
   * A ring to read what is encrypted and write in the clear, as while keys are being handed out.
   *
   * @param keys bytes by id
   * @return a new ring
   * @throws IllegalArgumentException for a key or an id that can't be
   */
  public static KeyRing forReading(Map<String, byte[]> keys) {
    return new KeyRing(keys, Optional.empty());
  }

  /**
   * The key that encrypts.
   *
   * @return its id; empty if none does
   */
  public Optional<String> encryptWith() {
    return encryptWith;
  }

  Optional<byte[]> key(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  SortedSet<String> ids() {
    return new TreeSet<>(keys.keySet());
  }

  private static String checked(String id, byte[] key) {
    if (!KEY_ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "a key ring has the key id '%s', which must match %s"
              .formatted(id.substring(0, Math.min(id.length(), 60)), KEY_ID));
    }
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "the key '%s' has %d bytes, and AES-256 takes %d: draw random ones"
              .formatted(id, key.length, KEY_BYTES));
    }
    return id;
  }

  /** The ids, and no key. */
  @Override
  public String toString() {
    return "KeyRing[%s; encrypts with %s]"
        .formatted(String.join(", ", ids()), encryptWith.orElse("none"));
  }
}
