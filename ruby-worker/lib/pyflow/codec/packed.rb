# frozen_string_literal: true

require 'msgpack'

require_relative 'packed_reader'
require_relative 'timestamps'

module Pyflow
  class Codec
    # msgpack in its canonical form: one byte string for one value (protocol/value-model.md).
    module Packed
      # The extension type of timestamps, which is msgpack's own.
      TIMESTAMP = -1
      # The extension type of integers beyond 64 bits.
      BIG_INTEGER = 1
      # The extension type of decimals.
      DECIMAL = 2
      WITHIN = ((-2**63)...(2**64))
      NAN = "\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00".b.freeze
      private_constant :WITHIN, :NAN

      # @param value [Object] canonical, as {Values#canonical} gives it
      # @param regular [Boolean] whether {Regular} says so of it
      # @return [String] in BINARY
      def self.pack(value, regular: false)
        regular ? MessagePack.pack(value) : write(MessagePack::Packer.new, value).to_s
      rescue RangeError # an integer beyond 64 bits
        write(MessagePack::Packer.new, value).to_s
      end

      # @param bytes [String]
      # @return [Object] a value of the model
      # @raise [PayloadDecodeError]
      def self.unpack(bytes)
        PackedReader.new(bytes).value
      end

      def self.write(packer, value)
        case value
        when Integer then integer(packer, value)
        when Float then value.nan? ? packer.buffer.write(NAN) : packer.write_float(value)
        when Time then packer.write_ext(TIMESTAMP, Timestamps.bytes(value))
        when BigDecimal then packer.write_ext(DECIMAL, Decimals.text(value).b)
        when Array
          packer.write_array_header(value.size)
          value.each { |element| write(packer, element) }
        when Hash
          packer.write_map_header(value.size)
          value.each { |key, element| write(packer, key) && write(packer, element) }
        else packer.write(value)
        end
        packer
      end
      private_class_method :write

      def self.integer(packer, value)
        return packer.write(value) if WITHIN.cover?(value)

        size = (value.bit_length + 8) / 8
        digits = format("%0#{2 * size}x", value & ((1 << (8 * size)) - 1))
        packer.write_ext(BIG_INTEGER, [digits].pack('H*'))
      end
      private_class_method :integer
    end
  end
end
