# frozen_string_literal: true

module Pyflow
  class Tracing
    # A span that is over, as an exporter gets it: ids in hex, times in nanoseconds since 1970, kind `:consumer`; outcome,
    # one of protocol/tracing.md; error, the `error.type`, or nil; links, pairs of a {SpanContext} and attributes.
    Span = Struct.new(:name, :kind, :trace_id, :span_id, :parent_span_id, :trace_state, :started_at, :ended_at, :attributes,
                      :outcome, :error, :links, keyword_init: true) do
      # @return [Boolean] whether its status is an error
      def failed?
        !error.nil?
      end

      # @return [Hash{String => String, Integer}] all attributes that are known
      def described
        attributes.merge('pyflow.outcome' => outcome, 'error.type' => error).compact
      end
    end
  end
end
