package io.pyflow.codec;

/** How a value is written. */
public enum Coding {
  /** Plain JSON where it can be, else the most readable coding that fits. */
  AUTO,
  /** JSON without tags: only what JSON can say. */
  JSON,
  /** Extended JSON, with tags such as {@code $bytes}. */
  XJSON,
  /** msgpack in base64. */
  MSGPACK
}
