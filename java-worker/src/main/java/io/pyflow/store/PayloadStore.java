package io.pyflow.store;

import java.io.IOException;
import java.util.Optional;

/**
 * Bytes under keys such as {@code sha256/ab/ab…}. Thread-safe. A worker knows it by a name, which
 * is all that a payload says of it. Whatever it throws is read as: it can't be reached.
 */
public interface PayloadStore {

  /**
   * Keeps bytes. A key is put again with equal bytes only: then there is nothing to do.
   *
   * @param key where
   * @param bytes what
   * @throws IOException if they can't be kept
   */
  void put(String key, byte[] bytes) throws IOException;

  /**
   * Gives bytes.
   *
   * @param key where
   * @param size what is expected; this many and one more are enough
   * @return the bytes; empty if there are none under that key
   * @throws IOException if they can't be read
   */
  Optional<byte[]> get(String key, int size) throws IOException;
}
