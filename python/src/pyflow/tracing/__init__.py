"""Spans of deciders and workers that join one trace: protocol/tracing.md. OpenTelemetry is imported where it is used."""
