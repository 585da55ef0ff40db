# frozen_string_literal: true

require_relative 'shape'

module Pyflow
  class Activity
    # How an activity's `call` takes its one input: as a value, as keywords, or not at all.
    #
    # Read once from the method's parameters, so that a mismatch is told from an ArgumentError inside `call`.
    class Arguments
      # @param method [Method] the activity's `call`
      # @param label [String] the activity's name and version, for messages
      # @param input [Object, nil] the {Shape} of the value, or a hash of shapes for keywords; anything fits without
      # @raise [ArgumentError] when no input could ever fit
      def initialize(method, label, input: nil)
        @label = label
        @input = input
        kinds = method.parameters.group_by(&:first).transform_values { |pairs| pairs.map(&:last) }
        @required = kinds.fetch(:keyreq, [])
        @optional = kinds.fetch(:key, [])
        @open = kinds.key?(:keyrest)
        @values = kinds.values_at(:req, :opt, :rest).compact.sum(&:size)
        check(kinds.fetch(:req, []).size)
        check_input
      end

      # @param input [Object] a decoded payload
      # @return [Array(Array, Hash)] what to call with
      # @raise [InputMismatch] when the input does not fit
      def for(input)
        return [[fitted(@input, input, '$')], {}] if @values.positive?
        return [[], keywords(input)] if keywords?
        return [[], {}] if input.nil? || input == {}

        raise InputMismatch, "input of #{@label} should be empty: its call takes nothing"
      end

      private

      def check(required_values)
        return unless required_values > 1 || (required_values == 1 && @required.any?)

        raise ArgumentError, "call of activity #{@label} needs more than one value, but SWF brings one: " \
                             'take keywords, or one value'
      end

      def check_input
        return if @input.nil? || @values.positive?
        return if @input.is_a?(Hash) && (@open || (@input.keys - @required - @optional).empty?)

        raise ArgumentError, "input of activity #{@label} has no place in its call, which takes " \
                             "#{keywords? ? names : 'nothing'}"
      end

      def fitted(shape, value, path)
        shape.nil? ? value : Shape.fit(shape, value, path)
      rescue InputMismatch => e
        raise InputMismatch, "input of #{@label}: #{e.message}"
      end

      def keywords?
        @open || @required.any? || @optional.any?
      end

      def keywords(input)
        input = {} if input.nil?
        unless input.is_a?(Hash) && input.each_key.all?(String)
          raise InputMismatch, "input of #{@label} should be an object whose keys are #{names}"
        end

        given = input.transform_keys(&:to_sym)
        missing = @required - given.keys
        raise InputMismatch, "input of #{@label} lacks #{missing.join(', ')}: it takes #{names}" if missing.any?

        unknown = @open ? [] : given.keys - @required - @optional
        raise InputMismatch, "input of #{@label} has #{unknown.join(', ')}: it takes #{names}" if unknown.any?
        return given unless @input

        given.to_h { |name, value| [name, @input.key?(name) ? fitted(@input[name], value, "$.#{name}") : value] }
      end

      def names
        list = (@required + @optional).join(', ')
        @open ? [list, 'any other'].reject(&:empty?).join(', ') : list
      end
    end
  end
end
