package io.pyflow.codec;

/**
 * A failure as SWF takes it.
 *
 * @param reason the failure's type, at most 256 units
 * @param details the failure document, at most 32,768 units
 */
public record EncodedFailure(String reason, String details) {}
