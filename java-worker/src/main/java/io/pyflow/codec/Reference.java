package io.pyflow.codec;

/**
 * A claim check: where the bytes of a payload are kept that SWF could not hold.
 *
 * @param store name of a configured store; never an address
 * @param key of the bytes in that store
 * @param size of the bytes
 * @param sha256 of the bytes, in lower-case hex
 */
public record Reference(String store, String key, long size, String sha256) {}
