# frozen_string_literal: true

require_relative 'ids'

module Pyflow
  class Tracing
    # A span somewhere; ids in hex.
    SpanContext = Struct.new(:trace_id, :span_id, :sampled, keyword_init: true) do
      # @param text [Object] a `traceparent` of W3C's Trace Context
      # @return [SpanContext, nil] nil for what that calls invalid
      def self.from(text)
        found = text.is_a?(String) && text.match(/\A(\h{2})-(\h{32})-(\h{16})-(\h{2})(-.*)?\z/m)
        return unless found && text[0, 55] == text[0, 55].downcase

        version, trace_id, span_id, flags, more = found.captures
        return if version == 'ff' || (version == '00' && more) || trace_id.to_i(16).zero? || span_id.to_i(16).zero?

        new(trace_id:, span_id:, sampled: flags.to_i(16).odd?)
      end

      # @return [String] the `traceparent` that names it
      def to_s
        format('00-%s-%s-%02x', trace_id, span_id, sampled ? 1 : 0)
      end
    end

    # What the span of an activity hangs on: its trace, its parent; whether the headers say that the run is sampled, nil
    # where they say nothing; the span of another trace that they name.
    Place = Struct.new(:trace_id, :parent_span_id, :sampled, :link, keyword_init: true) do
      # @param headers [Hash] of the activity's input
      # @return [Place]
      def self.of(domain, workflow_id, run_id, headers)
        trace_id = Ids.trace_id(domain, workflow_id, run_id)
        named = SpanContext.from(headers['traceparent'])
        own = named&.trace_id == trace_id
        new(trace_id:, parent_span_id: Ids.run_span_id(run_id), sampled: own ? named.sampled : nil, link: own ? nil : named)
      end
    end
  end
end
