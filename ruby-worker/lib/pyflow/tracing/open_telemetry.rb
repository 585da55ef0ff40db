# frozen_string_literal: true

require_relative '../tracing'

module Pyflow
  class Tracing
    # Hands spans to the processors of OpenTelemetry's SDK for Ruby (gem `opentelemetry-sdk`), so that they go the way of an
    # application's own. **It has not been run**: that gem could not be had where this was written. What it takes for granted
    # is in its lines: `OpenTelemetry::SDK::Trace::SpanData` by keywords, and exporters that take an Array of it.
    #
    #     exporter = OpenTelemetry::Exporter::OTLP::Exporter.new
    #     tracing = Pyflow::Tracing.new(exporter: Pyflow::Tracing::Batch.new(Pyflow::Tracing::OpenTelemetry.new(exporter)))
    #
    # Spans that an activity makes by the SDK itself join the trace by the headers that {Tracing.headers} gives:
    #
    #     parent = ::OpenTelemetry.propagation.extract(Pyflow::Tracing.headers)
    #     ::OpenTelemetry::Context.with_current(parent) { charge }
    class OpenTelemetry
      # @param exporter [OpenTelemetry::SDK::Trace::Export::SpanExporter]
      # @param resource [OpenTelemetry::SDK::Resources::Resource]
      def initialize(exporter, resource: ::OpenTelemetry::SDK::Resources::Resource.default)
        @exporter = exporter
        @resource = resource
        @scope = ::OpenTelemetry::SDK::InstrumentationScope.new('pyflow', Worker::VERSION)
      end

      # @param spans [Array<Span>]
      # @raise [Error] when they were not taken
      def export(spans)
        taken = @exporter.export(spans.map { |span| data(span) })
        raise Error, 'the exporter did not take the spans' unless taken == ::OpenTelemetry::SDK::Trace::Export::SUCCESS
      end

      private

      def data(span)
        ::OpenTelemetry::SDK::Trace::SpanData.new(
          name: span.name, kind: span.kind, status: status(span), parent_span_id: [span.parent_span_id].pack('H*'),
          total_recorded_attributes: span.described.size, total_recorded_events: 0, total_recorded_links: span.links.size,
          start_timestamp: span.started_at, end_timestamp: span.ended_at, attributes: span.described, events: nil,
          links: span.links.map { |to, said| ::OpenTelemetry::Trace::Link.new(context(to.trace_id, to.span_id), said) },
          resource: @resource, instrumentation_scope: @scope, span_id: [span.span_id].pack('H*'),
          trace_id: [span.trace_id].pack('H*'), trace_flags: ::OpenTelemetry::Trace::TraceFlags::SAMPLED,
          tracestate: ::OpenTelemetry::Trace::Tracestate.from_string(span.trace_state.to_s)
        )
      end

      def status(span)
        return ::OpenTelemetry::Trace::Status.unset unless span.failed?

        ::OpenTelemetry::Trace::Status.error(span.error)
      end

      def context(trace_id, span_id)
        ::OpenTelemetry::Trace::SpanContext.new(trace_id: [trace_id].pack('H*'), span_id: [span_id].pack('H*'), remote: true)
      end
    end
  end
end
