# frozen_string_literal: true

require 'bigdecimal'

require_relative 'refusals'
require_relative 'shown'
require_relative 'text'

module Pyflow
  class Codec
    # The closed set of values that a payload can hold (protocol/value-model.md), and what Ruby has for each:
    # nil, true, false, Integer, Float, String in a text encoding (text) or in BINARY (bytes), Time (a UTC
    # timestamp), BigDecimal, Array, and Hash with text, symbol, Integer or bytes keys. A Struct or Data is a map of its
    # members.
    #
    # One object surveys one value before it is written. A symbol is a key's spelling, not a value.
    class Values
      # Levels of arrays and maps.
      DEPTH = 64
      # The first integer with too many digits is 10 to this.
      DIGITS = 1_000
      # Powers of ten of a decimal, once it is an integer times one.
      EXPONENTS = (-6_144..6_144)
      # Years of a timestamp.
      YEARS = (1..9_999)
      BEYOND = 10**DIGITS
      private_constant :BEYOND

      # @param text [String]
      # @return [Boolean] whether this String is bytes, not text
      def self.bytes?(text)
        text.encoding == Encoding::BINARY
      end

      # @param integer [Integer]
      # @return [Boolean] whether it has at most 1,000 digits
      def self.integer?(integer)
        integer.abs < BEYOND
      end

      # @param decimal [BigDecimal]
      # @return [Boolean] whether it is within the limits of digits and exponents
      def self.decimal?(decimal)
        return false unless decimal.finite?

        _sign, digits, _base, exponent = decimal.split
        decimal.zero? || (digits.size <= DIGITS && EXPONENTS.cover?(exponent - digits.size))
      end

      # @param what [String] names the value in messages
      def initialize(what)
        @what = what
        @path = []
        @plain = true
      end

      # @return [Boolean] whether what was surveyed has a plain form
      def plain?
        @plain
      end

      # The value with nothing in it but what codings know: Hash, Array and String themselves and no subclass,
      # text in UTF-8, text keys, times in UTC.
      #
      # @raise [PayloadEncodeError] for what is outside the model; its message has the path
      def canonical(value, depth = 0)
        case value
        when nil, true, false then value
        when String then string(value)
        when Integer then integer(value)
        when Float then float(value)
        when Array then array(value, deeper(depth))
        when Hash then map(value, deeper(depth))
        when Time then time(value)
        when BigDecimal then decimal(value)
        else record(value, depth)
        end
      end

      private

      def refuse(code, **slots)
        raise Refusals.refusal(:"holds-#{code}", what: @what, where: Shown.place(@path), **slots)
      end

      def foreign(value)
        found = "#{value.class.to_s.match?(/\A[AEIOU]/) ? 'an' : 'a'} #{value.class}"
        refuse(:foreign, found:, help: 'turn it into text, numbers, arrays or hashes first')
      end

      def deeper(depth)
        depth < DEPTH ? depth + 1 : refuse(:depth)
      end

      def at(step)
        @path.push(step)
        value = yield
        @path.pop
        value
      end

      def string(value)
        if Values.bytes?(value)
          @plain = false
          return value.instance_of?(String) ? value : String.new(value)
        end

        text = value.encoding == Encoding::UTF_8 ? value : value.encode(Encoding::UTF_8)
        broken(text) unless text.valid_encoding?
        text.instance_of?(String) ? text : String.new(text)
      rescue EncodingError
        refuse(:utf8)
      end

      def broken(text)
        refuse(Text.surrogate?(text) ? :surrogate : :utf8)
      end

      def integer(value)
        Values.integer?(value) ? value : refuse(:integer)
      end

      def float(value)
        @plain = false unless value.finite?
        value
      end

      def array(value, depth)
        value.each_with_index.map { |element, index| at(index) { canonical(element, depth) } }
      end

      def map(value, depth)
        value.each_with_object({}) do |(key, element), copy|
          name = key(key)
          refuse(:'key-twice', key: Shown.value(name)) if copy.key?(name)
          copy[name] = at(name) { canonical(element, depth) }
        end
      end

      def record(value, depth)
        value.class.respond_to?(:members) ? map(value.to_h, deeper(depth)) : foreign(value)
      end

      def key(value)
        case value
        when String then string(value)
        when Symbol then string(value.name)
        when Integer
          @plain = false
          integer(value)
        else refuse(:'key-kind', found: Shown.value(value))
        end
      end

      def time(value)
        @plain = false
        utc = value.getutc
        YEARS.cover?(utc.year) ? utc : refuse(:timestamp)
      end

      def decimal(value)
        @plain = false
        Values.decimal?(value) ? value : refuse(:decimal)
      end
    end
  end
end
