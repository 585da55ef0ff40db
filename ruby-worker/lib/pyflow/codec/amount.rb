# frozen_string_literal: true

require_relative 'packed_headers'
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
      private_constant :ESCAPES, :TEXT, :SCALAR, :VALUES

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
          at += PackedHeaders::STEPS[head] || PackedHeaders.step(bytes, at)
        end
        at < size
      end
      private_class_method :headers_beyond?

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
