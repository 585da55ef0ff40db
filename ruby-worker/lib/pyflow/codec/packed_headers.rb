# frozen_string_literal: true

module Pyflow
  class Codec
    # What the first byte of a msgpack value says of the way to the next value. Those of an array and of a map come at once.
    module PackedHeaders
      # Header byte => bytes of the length that follows it and its directive, bytes besides
      LONG = {
        0xc4 => [1, 'C', 0], 0xc5 => [2, 'n', 0], 0xc6 => [4, 'N', 0], 0xc7 => [1, 'C', 1], 0xc8 => [2, 'n', 1],
        0xc9 => [4, 'N', 1], 0xd9 => [1, 'C', 0], 0xda => [2, 'n', 0], 0xdb => [4, 'N', 0]
      }.freeze
      # Header byte => bytes to the next header; nil where a length has to be read
      STEPS = Array.new(256) do |head|
        case head
        when 0xa0..0xbf then head - 0x9f
        when 0xcc, 0xd0 then 2
        when 0xcd, 0xd1, 0xd4, 0xdc, 0xde then 3
        when 0xd5 then 4
        when 0xca, 0xce, 0xd2, 0xdd, 0xdf then 5
        when 0xd6 then 6
        when 0xcb, 0xcf, 0xd3 then 9
        when 0xd7 then 10
        when 0xd8 then 18
        else LONG.key?(head) ? nil : 1
        end
      end.freeze
      private_constant :LONG

      # @param bytes [String] in BINARY
      # @param at [Integer] where a header is that {STEPS} has no number for
      # @return [Integer] bytes to the next
      def self.step(bytes, at)
        width, directive, more = LONG[bytes.getbyte(at)]
        1 + width + more + (bytes.byteslice(at + 1, width).unpack1(directive) || 0)
      end
    end
  end
end
