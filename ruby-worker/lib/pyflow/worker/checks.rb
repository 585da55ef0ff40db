# frozen_string_literal: true

module Pyflow
  class Worker
    # What a worker's settings may be; each gives the value, or raises ArgumentError with a sentence that has it.
    module Checks
      module_function

      # @return [String] that SWF takes as a name
      def name(what, value)
        return value if value.is_a?(String) && value.length.between?(1, 256)

        raise ArgumentError, "#{what} is #{value.inspect}: SWF takes a text of 1 to 256 characters"
      end

      # @return [Integer] above 0
      def positive(what, value)
        return value if value.is_a?(Integer) && value.positive?

        raise ArgumentError, "#{what} is #{value.inspect}: it takes a whole number above 0"
      end

      # @return [Numeric] of seconds, 0 or more
      def seconds(what, value)
        return value if value.is_a?(Numeric) && value >= 0 && value.to_f.finite?

        raise ArgumentError, "#{what} is #{value.inspect}: it takes seconds, 0 or more"
      end

      # @return [Integer, nil] of TCP; 0 is a free one
      def port(what, value)
        return value if value.nil? || (value.is_a?(Integer) && value.between?(0, 65_535))

        raise ArgumentError, "#{what} is #{value.inspect}: it takes a whole number of 0 to 65535"
      end
    end
  end
end
