# frozen_string_literal: true

require 'bigdecimal'

require_relative 'values'

module Pyflow
  class Codec
    # Decimals as text: one spelling for one number, since Ruby knows no scale.
    module Decimals
      FORM = /\A(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?\z/
      # Places before the point, up to which digits are written out.
      READABLE = (-6..21)
      private_constant :FORM, :READABLE

      # @param decimal [BigDecimal] finite
      # @return [String] `-?digits[E[-]digits]` without trailing zeros; zero is `0`
      def self.text(decimal)
        return '0' if decimal.zero?

        sign, digits, _base, exponent = decimal.split
        exponent -= digits.size
        "#{'-' if sign.negative?}#{digits}#{"E#{exponent}" unless exponent.zero?}"
      end

      # @param decimal [BigDecimal] finite
      # @return [String] as a person would write it, where that is short
      def self.readable(decimal)
        READABLE.cover?(decimal.exponent) ? decimal.to_s('F').delete_suffix('.0') : text(decimal)
      end

      # @param text [Object]
      # @yieldparam code [Symbol] of the refusal of another form, or of what is beyond the limits
      # @return [BigDecimal]
      def self.parse(text)
        match = text.is_a?(String) && text.valid_encoding? && FORM.match(text)
        return yield(:decimal) unless match
        return yield(:'decimal-limits') if match[2].size + match[3].to_s.size > Values::DIGITS

        digits = (match[2] + match[3].to_s).sub(/\A0+/, '')
        return BigDecimal('0') if digits.empty?

        bare = digits.sub(/0+\z/, '')
        exponent = match[4].to_i - match[3].to_s.size + digits.size - bare.size
        return yield(:'decimal-limits') unless Values::EXPONENTS.cover?(exponent)

        BigDecimal("#{match[1]}#{bare}E#{exponent}")
      end
    end
  end
end
