package io.pyflow.codec;

import java.util.Optional;

/**
 * The text of an SWF field and, where it is a claim check, what to store before it is sent.
 *
 * @param text for the field
 * @param stored empty unless the text is a claim check
 */
public record WrittenPayload(String text, Optional<Stored> stored) {

  /**
   * Bytes for a store.
   *
   * @param reference where, as the text says
   * @param bytes what
   */
  public record Stored(Reference reference, byte[] bytes) {}
}
