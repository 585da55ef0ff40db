# frozen_string_literal: true

require_relative 'values'

module Pyflow
  class Codec
    # Most values are plain as they are: nothing but arrays, hashes with text keys, text, numbers, true, false and nil. To
    # see that takes a fraction of what {Values#canonical} takes, which makes a copy and keeps the path for its messages.
    module RegularInRuby
      # Class => what its objects are; by identity, which is one instruction of Ruby's.
      KINDS = {
        NilClass => :constant, TrueClass => :constant, FalseClass => :constant, String => :text, Integer => :integer,
        Float => :float, Array => :array, Hash => :hash
      }.compare_by_identity.freeze
      # Ruby compares these with one instruction each.
      LARGEST = (2**62) - 1
      SMALLEST = -(2**62)
      # Every integer of so many bits has at most 1,000 digits.
      BITS = 3_321
      # From so many elements on it pays to remember keys.
      MANY = 16
      private_constant :KINDS, :LARGEST, :SMALLEST, :BITS, :MANY

      # @param value [Object]
      # @return [Boolean] whether it surely is in the model, plain, and needs no copy; false may be wrong
      def self.value?(value)
        regular?(value, Values::DEPTH, nil)
      end

      # room: levels of arrays and hashes that it may have; keys: those seen to be text, once there are many hashes, for
      # mostly they are the same objects in each.
      def self.regular?(value, room, keys)
        case KINDS[value.class]
        when :constant then true
        when :text then value.encoding == Encoding::UTF_8 && value.valid_encoding?
        when :integer then (value <= LARGEST && value >= SMALLEST) || short?(value)
        when :float then value.finite?
        when :array then room >= 1 && array?(value, room - 1, keys)
        when :hash then room >= 1 && hash?(value, room - 1, keys)
        else false
        end
      end
      private_class_method :regular?

      def self.short?(integer)
        integer.abs.bit_length <= BITS
      end
      private_class_method :short?

      def self.array?(array, room, keys)
        keys ||= {}.compare_by_identity if array.size >= MANY
        array.all? { |element| regular?(element, room, keys) }
      end
      private_class_method :array?

      # Looks at what is in there most by itself: a call for each takes half as much again.
      def self.hash?(hash, room, keys)
        return false if hash.compare_by_identity?

        hash.each_pair do |key, element|
          unless keys && keys[key]
            return false unless key.instance_of?(String) && key.encoding == Encoding::UTF_8 && key.valid_encoding?

            keys[key] = true if keys
          end
          case KINDS[element.class]
          when :constant then next
          when :text then return false unless element.encoding == Encoding::UTF_8 && element.valid_encoding?
          when :integer then return false unless (element <= LARGEST && element >= SMALLEST) || short?(element)
          when :float then return false unless element.finite?
          else return false unless regular?(element, room, keys)
          end
        end
        true
      end
      private_class_method :hash?
    end
  end
end
