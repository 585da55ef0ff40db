/**
 * Spans of activities that join the trace of their run (docs/tracing.md). Needs OpenTelemetry's
 * SDK, which is an optional dependency: {@code opentelemetry-sdk}, and for {@link
 * io.pyflow.tracing.Tracing#otlp()} {@code opentelemetry-sdk-extension-autoconfigure} and {@code
 * opentelemetry-exporter-otlp}.
 */
@NullMarked
package io.pyflow.tracing;

import org.jspecify.annotations.NullMarked;
