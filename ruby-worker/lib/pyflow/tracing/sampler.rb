# frozen_string_literal: true

module Pyflow
  class Tracing
    # Which runs are traced, by their trace ids: what it says of one run it says of all the run's activities.
    class Sampler
      # Name, as OpenTelemetry's environment variable has it => the ratio, nil for the argument; whether the header of the
      # run's own trace comes first.
      NAMES = {
        'always_on' => [1.0, false], 'always_off' => [0.0, false], 'traceidratio' => [nil, false],
        'parentbased_always_on' => [1.0, true], 'parentbased_always_off' => [0.0, true],
        'parentbased_traceidratio' => [nil, true]
      }.freeze

      # @param env [Hash{String => String}] `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG`
      # @return [Sampler]
      # @raise [ArgumentError] for a name or a ratio that is none
      def self.from(env = ENV)
        name = env['OTEL_TRACES_SAMPLER'].to_s
        name = 'parentbased_always_on' if name.empty?
        ratio, parent_based = NAMES.fetch(name) do
          raise ArgumentError, "OTEL_TRACES_SAMPLER is #{name}: it takes #{NAMES.keys.join(', ')}"
        end
        new(ratio || number(env['OTEL_TRACES_SAMPLER_ARG']), parent_based:)
      end

      # @api private
      def self.number(text)
        text.to_s.empty? ? 1.0 : Float(text)
      rescue ArgumentError
        raise ArgumentError, "OTEL_TRACES_SAMPLER_ARG is #{text}: it takes a number from 0 to 1"
      end
      private_class_method :number

      # @param ratio [Numeric] of the traces, 0 to 1
      # @param parent_based [Boolean] whether the run's header, where there is one, says it instead
      # @raise [ArgumentError] for another ratio
      def initialize(ratio = 1.0, parent_based: true)
        raise ArgumentError, "the ratio of traces is #{ratio}: it takes a number from 0 to 1" unless (0..1).cover?(ratio)

        @bound = (ratio * (1 << 64)).round
        @parent_based = parent_based
      end

      # @param place [Place] of a span
      # @return [Boolean] whether to take it
      def take?(place)
        return place.sampled if @parent_based && !place.sampled.nil?

        place.trace_id[16, 16].to_i(16) < @bound
      end
    end
  end
end
