# frozen_string_literal: true

require_relative 'refusals'
require_relative 'transforms'

module Pyflow
  class Codec
    # How many values bytes hold, seen before anything is made of them (protocol/payload.md, "Codecs"): a few kilobytes
    # of zlib can be millions of empty arrays.
    module Amount
      # Values, keys included, that bytes may hold.
      LIMIT = 1_000_000
      # What hides the end of a text, in this order.
      ESCAPES = ['\\\\'.b, '\"'.b].freeze
      TEXT = /"[^"]*+"?/n
      # What in JSON, once its texts are a quote each, is neither between values nor the beginning of one.
      SCALAR = "^ \t-\r,:[]{}\""
      # And what the beginnings are, once a run of such bytes is one.
      VALUES = 'x[{"'
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
      private_constant :ESCAPES, :TEXT, :SCALAR, :VALUES, :LONG, :STEPS

      # @param enc [String] their coding
      # @param bytes [String]
      # @return [String] the bytes
      # @raise [PayloadDecodeError] where they hold too many values
      def self.check(enc, bytes)
        many?(enc, bytes) ? raise(Refusals.refusal(:values)) : bytes
      end

      # @param enc [String] their coding
      # @param bytes [String]
      # @return [Boolean] whether a reader would let them come out of a codec or a store, and read them
      def self.readable?(enc, bytes)
        bytes.bytesize <= Transforms::LIMIT && !many?(enc, bytes)
      end

      # @param enc [String] their coding
      # @param bytes [String]
      # @param limit [Integer]
      # @return [Boolean] whether they hold more values
      def self.many?(enc, bytes, limit = LIMIT)
        return false if bytes.bytesize <= limit # a value takes a byte at least

        enc == 'msgpack' ? headers_beyond?(bytes, limit) : values_beyond?(bytes, limit)
      end

      def self.headers_beyond?(bytes, limit)
        at = 0
        size = bytes.bytesize
        limit.times do
          return false if at >= size

          head = bytes.getbyte(at)
          at += STEPS[head] || long(bytes, at, *LONG[head])
        end
        at < size
      end
      private_class_method :headers_beyond?

      def self.long(bytes, at, width, directive, more)
        1 + width + more + (bytes.byteslice(at + 1, width).unpack1(directive) || 0)
      end
      private_class_method :long

      # In a few passes, each in C: to look at a million values one by one takes a second.
      def self.values_beyond?(bytes, limit)
        bytes = bytes.b
        ESCAPES.each { |escape| bytes.gsub!(escape, 'x') }
        return true if bytes.count('"') > 2 * limit

        bytes.gsub!(TEXT, '"')
        bytes.tr_s!(SCALAR, 'x')
        bytes.count(VALUES) > limit
      end
      private_class_method :values_beyond?
    end
  end
end
