package io.pyflow.codec;

import io.pyflow.codec.internal.Refusal;
import io.pyflow.codec.internal.Shown;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The codec {@code aes-256-gcm} (payload.md, "Encryption"). Thread-safe. */
public final class Aes256Gcm implements PayloadCodec {
  /** The name that payloads carry. */
  public static final String NAME = "aes-256-gcm";

  private static final int VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final byte[] ADDITIONAL_DATA = "pyflow/1".getBytes(StandardCharsets.US_ASCII);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyRing keys;
  private final Supplier<byte[]> nonces;

  /**
   * A codec with these keys.
   *
   * @param keys to decrypt with, and one to encrypt with
   */
  public Aes256Gcm(KeyRing keys) {
    this(keys, Aes256Gcm::randomNonce);
  }

  Aes256Gcm(KeyRing keys, Supplier<byte[]> nonces) {
    this.keys = keys;
    this.nonces = nonces;
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Encrypts under a new nonce.
   *
   * @throws IllegalStateException if the ring has no key to encrypt with
   */
  @Override
  public byte[] encode(byte[] bytes) {
    String id =
        keys.encryptWith()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the codec %s has no key to encrypt with: name one".formatted(NAME)));
    byte[] nonce = nonces.get();
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, keys.key(id).orElseThrow(), nonce).doFinal(bytes);
      return ByteBuffer.allocate(2 + id.length() + NONCE_BYTES + sealed.length)
          .put((byte) VERSION)
          .put((byte) id.length())
          .put(id.getBytes(StandardCharsets.US_ASCII))
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES in GCM", e);
    }
  }

  /**
   * Decrypts.
   *
   * @throws PayloadDecodeException if these bytes are not its own
   * @throws UnknownCodecException if they need a key that is not here
   */
  @Override
  public byte[] decode(byte[] bytes) {
    if (bytes.length > 0 && bytes[0] != VERSION) {
      throw Refusal.AES_VERSION.with(bytes[0] & 0xff);
    }
    int start = bytes.length > 1 ? 2 + (bytes[1] & 0xff) : 2;
    if (start == 2 || bytes.length < start + NONCE_BYTES + TAG_BYTES) {
      throw Refusal.AES_SIZE.with(bytes.length);
    }
    byte[] key = key(new String(bytes, 2, start - 2, StandardCharsets.ISO_8859_1));
    byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).put(bytes, start, NONCE_BYTES).array();
    int sealed = start + NONCE_BYTES;
    try {
      return cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(bytes, sealed, bytes.length - sealed);
    } catch (AEADBadTagException e) {
      throw Refusal.AES_TAG.with();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES in GCM", e);
    }
  }

  private byte[] key(String id) {
    if (!KeyRing.KEY_ID.matcher(id).matches()) {
      throw Refusal.AES_KEY_ID.with();
    }
    return keys.key(id)
        .orElseThrow(() -> Refusal.KEY_UNKNOWN.with(Shown.quoted(id), Shown.known(keys.ids())));
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(ADDITIONAL_DATA);
    return cipher;
  }

  private static byte[] randomNonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    return nonce;
  }
}
