# frozen_string_literal: true

module Pyflow
  class Codec
    # Texts as SWF counts them: in UTF-16 code units.
    module Text
      # The first bytes of UTF-8 characters that take two units.
      ASTRAL = "\xf0-\xf7".b.freeze
      HIGH_SURROGATES = (0xd800..0xdbff)
      private_constant :ASTRAL, :HIGH_SURROGATES

      # @param text [String] valid UTF-8
      # @return [Integer] its length in UTF-16 code units
      def self.units(text)
        text.ascii_only? ? text.size : text.size + text.b.count(ASTRAL)
      end

      # @param text [String] valid UTF-8
      # @param limit [Integer] units
      # @return [Boolean] whether it has no more; no character takes more units than bytes
      def self.fits?(text, limit)
        text.bytesize <= limit || units(text) <= limit
      end

      # @param text [String] not valid UTF-8
      # @return [Boolean] whether what breaks it first is a surrogate without its partner
      def self.surrogate?(text)
        whole = text.each_char.take_while(&:valid_encoding?).sum(&:bytesize)
        text.byteslice(whole, 2).b.match?(/\A\xed[\xa0-\xbf]/n)
      end

      # @param text [Object] anything that was raised, logged or caught
      # @return [String] valid UTF-8; what is broken becomes U+FFFD
      def self.scrub(text)
        text = text.to_s
        return text.dup.force_encoding(Encoding::UTF_8).scrub("\uFFFD") if text.encoding == Encoding::BINARY

        text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace, replace: "\uFFFD").scrub("\uFFFD")
      end

      # @param text [String] valid UTF-8
      # @param limit [Integer] units
      # @return [String] as much of its beginning as fits; no character is split
      def self.head(text, limit)
        return text if units(text) <= limit

        utf16 = text[0, limit].encode(Encoding::UTF_16LE).byteslice(0, 2 * limit)
        utf16 = utf16.byteslice(0, utf16.bytesize - 2) if HIGH_SURROGATES.cover?(utf16.byteslice(-2, 2)&.unpack1('v'))
        utf16.encode(Encoding::UTF_8)
      end

      # @param text [String] valid UTF-8
      # @param limit [Integer] units, 1 or more
      # @return [String] as {head}; if anything was cut, its last unit is `…`
      def self.cut(text, limit)
        units(text) <= limit ? text : "#{head(text, limit - 1)}…"
      end
    end
  end
end
