# frozen_string_literal: true

require_relative 'values'

module Pyflow
  class Codec
    # Most values are plain as they are: nothing but arrays, hashes with text keys, text, numbers, true, false and nil. To
    # see that takes a tenth of what {Values#canonical} takes, which makes a copy and keeps the path for its messages.
    module Regular
      # Ruby compares these with one instruction.
      LARGEST = (2**62) - 1
      SMALLEST = -(2**62)
      private_constant :LARGEST, :SMALLEST

      # @param value [Object]
      # @param room [Integer] levels of arrays and hashes that it may have
      # @return [Boolean] whether it surely is in the model, plain, and needs no copy; false may be wrong
      def self.value?(value, room = Values::DEPTH)
        if value.instance_of?(String)
          value.encoding == Encoding::UTF_8 && value.valid_encoding?
        elsif value.instance_of?(Integer)
          value <= LARGEST && value >= SMALLEST
        elsif value.instance_of?(Float)
          value.finite?
        elsif value.instance_of?(Hash)
          room.positive? && hash?(value, room - 1)
        elsif value.instance_of?(Array)
          room.positive? && value.all? { |element| value?(element, room - 1) }
        else
          nil.equal?(value) || true.equal?(value) || false.equal?(value)
        end
      end

      # Without a call for each key: there are many.
      def self.hash?(hash, room)
        hash.each_pair do |key, element|
          return false unless key.instance_of?(String) && key.encoding == Encoding::UTF_8 && key.valid_encoding?
          return false unless value?(element, room)
        end
        !hash.compare_by_identity?
      end
      private_class_method :hash?
    end
  end
end
