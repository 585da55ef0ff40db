package io.pyflow.codec;

/** A transform of payload bytes, such as encryption. Thread-safe. */
public interface PayloadCodec {

  /**
   * The name that payloads carry; readers must know it.
   *
   * @return such as {@code acme-kms}
   */
  String name();

  /**
   * On the way to SWF.
   *
   * @param bytes what to transform
   * @return what {@link #decode} turns back
   */
  byte[] encode(byte[] bytes);

  /**
   * On the way from SWF.
   *
   * @param bytes what {@link #encode} returned
   * @return what it was given
   * @throws PayloadDecodeException if these bytes are not its own
   */
  byte[] decode(byte[] bytes);
}
