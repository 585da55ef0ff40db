# frozen_string_literal: true

require 'msgpack'

require_relative 'packed_headers'
require_relative 'regular'

module Pyflow
  class Codec
    # What msgpack mostly holds, read by Ruby's own unpacker, in half the time that {PackedReader} takes.
    #
    # It allocates what a header promises, takes any key, the last of two equal ones, and any bytes as text. So headers are
    # seen before, keys and texts after it; and what is as it should be gives the same bytes when it is packed again.
    module PackedUsual
      FACTORY = MessagePack::Factory.new.freeze
      # Neither a type nor, mostly, there: extensions. And arrays and maps whose count takes bytes, which are looked at.
      UNUSUAL = [0xc1, *0xd4..0xd8, *0xdc..0xdf].freeze
      # Header byte => bytes to the next item; nil where more has to be seen
      STEPS = PackedHeaders::STEPS.each_with_index.map { |step, head| step unless UNUSUAL.include?(head) }.freeze
      # Header byte => bytes of a count and its directive, items for each, whether they are bytes of a text
      COUNTED = {
        0xd9 => [1, 'C', 1, true], 0xda => [2, 'n', 1, true], 0xdb => [4, 'N', 1, true],
        0xdc => [2, 'n', 1, false], 0xdd => [4, 'N', 1, false], 0xde => [2, 'n', 2, false], 0xdf => [4, 'N', 2, false]
      }.freeze
      private_constant :FACTORY, :UNUSUAL, :STEPS, :COUNTED

      # @param value [Object] of which {Regular} says so
      # @return [String] in BINARY
      # @raise [RangeError] for an integer beyond 64 bits
      def self.pack(value)
        FACTORY.dump(value)
      end

      # @param bytes [String] in BINARY
      # @return [Object, nil] the value; nil where {PackedReader} has to look
      def self.unpack(bytes)
        return unless held?(bytes)

        value = FACTORY.load(bytes)
        value if Regular.value?(value) && pack(value) == bytes
      rescue MessagePack::UnpackError, EOFError
        nil
      end

      # Whether the bytes hold what their headers promise: each item takes one at least. Bytes and extensions are not usual.
      def self.held?(bytes)
        at = 0
        room = size = bytes.bytesize
        while at < size
          head = bytes.getbyte(at)
          step = STEPS[head]
          unless step
            width, directive, items, text = COUNTED[head]
            return false if width.nil? || width >= size - at

            count = bytes.unpack1(directive, offset: at + 1) * items
            room -= count
            return false if room.negative?

            step = 1 + width + (text ? count : 0)
          end
          at += step
        end
        at == size
      end
      private_class_method :held?
    end
  end
end
