package io.pyflow.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A byte string of the contract: what untyped payloads hold where others have text. Immutable. */
public final class Bytes {
  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /**
   * Holds a copy of these bytes.
   *
   * @param content the bytes
   * @return the byte string
   */
  public static Bytes of(byte... content) {
    return new Bytes(content.clone());
  }

  /**
   * How many bytes there are.
   *
   * @return the length
   */
  public int size() {
    return content.length;
  }

  /**
   * A copy of the bytes.
   *
   * @return a new array
   */
  public byte[] toByteArray() {
    return content.clone();
  }

  /**
   * The bytes, without copying them.
   *
   * @return a read-only buffer
   */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(content).asReadOnlyBuffer();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  /** Says how many there are: contents may be secret, or long. */
  @Override
  public String toString() {
    return "Bytes[" + content.length + "]";
  }
}
