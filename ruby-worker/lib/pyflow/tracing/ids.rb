# frozen_string_literal: true

require 'digest'

module Pyflow
  class Tracing
    # The ids of traces and spans, as everybody derives them from what SWF tells (protocol/tracing.md, "Ids").
    module Ids
      module_function

      # @return [String] of the trace of a run: 32 hex digits
      def trace_id(domain, workflow_id, run_id)
        trace_id_of(digest(domain, workflow_id, run_id))
      end

      # @param activity_id [String] empty for the run itself and for its decision tasks
      # @param started_event_id [Integer]
      # @return [String] of the span that began with an event: 16 hex digits
      def span_id(run_id, activity_id, started_event_id)
        span_id_of(digest(run_id, activity_id, started_event_id.to_s))
      end

      # @return [String] of the run's own span, the parent of all others in its trace
      def run_span_id(run_id)
        span_id(run_id, '', 1)
      end

      # @param digest [String] 32 bytes
      # @return [String] the trace id in it
      def trace_id_of(digest)
        never_zero(digest.byteslice(0, 16))
      end

      # @param digest [String] 32 bytes
      # @return [String] the span id in it
      def span_id_of(digest)
        never_zero(digest.byteslice(0, 8))
      end

      # @api private
      def digest(*parts)
        Digest::SHA256.digest(parts.map { |part| part.encode(Encoding::UTF_8).b }.join("\0".b))
      end

      # @api private
      def never_zero(bytes)
        hex = bytes.unpack1('H*')
        hex.match?(/\A0+\z/) ? "#{hex.chop}1" : hex
      end
      private_class_method :digest, :never_zero
    end
  end
end
