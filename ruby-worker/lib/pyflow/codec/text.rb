# frozen_string_literal: true

module Pyflow
  class Codec
    # Texts as SWF counts them: in UTF-16 code units.
    module Text
      ASTRAL = "\u{10000}-\u{10ffff}"
      private_constant :ASTRAL

      # @param text [String] valid UTF-8
      # @return [Integer] its length in UTF-16 code units
      def self.units(text)
        text.ascii_only? ? text.size : text.size + text.count(ASTRAL)
      end

      # @param text [Object] anything that was raised, logged or caught
      # @return [String] valid UTF-8; what is broken becomes U+FFFD
      def self.scrub(text)
        text = text.to_s
        return text.dup.force_encoding(Encoding::UTF_8).scrub("\uFFFD") if text.encoding == Encoding::BINARY

        text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace, replace: "\uFFFD").scrub("\uFFFD")
      end

      # @param text [String] valid UTF-8
      # @param limit [Integer] units, 1 or more
      # @return [String] as much as fits, its last unit `…` if anything was cut; no character is split
      def self.cut(text, limit)
        return text if units(text) <= limit

        head = text[0, limit - 1]
        over = units(head) - (limit - 1)
        while over.positive?
          head = head[0, head.size - [(over / 2.0).ceil, 1].max]
          over = units(head) - (limit - 1)
        end
        room = limit - 1 - units(head)
        rest = text[head.size..]
        rest.each_char do |char|
          room -= units(char)
          break if room.negative?

          head += char
        end
        "#{head}…"
      end
    end
  end
end
