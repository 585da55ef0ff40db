# frozen_string_literal: true

require 'json'
require 'strscan'

require_relative 'values'

module Pyflow
  class Codec
    # JSON as RFC 8259 has it and nothing more (protocol/value-model.md, "Strict JSON").
    #
    # Ruby's parser takes comments, unknown escapes, lone surrogates and broken UTF-8, and which of
    # them depends on its version. So every token is checked first, by one pattern; the structure is
    # left to the parser.
    module JsonText
      # Levels of brackets in a text: an xjson map with a tagged key takes three for one of the model, and
      # an envelope one more.
      NESTING = 256

      ESCAPE = %r{\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])\h{4}|u[dD][89abAB]\h\h\\u[dD][c-fC-F]\h\h)}
      STRING = /"[^"\\\u0000-\u001f]*+(?:#{ESCAPE}[^"\\\u0000-\u001f]*+)*+"/
      NUMBER = /-?(?:0|[1-9]\d*+)(?:\.\d++)?+(?:[eE][+-]?\d++)?+/
      TOKEN = /[ \t\n\r\[\]{},:]++|#{STRING}|#{NUMBER}|true|false|null/
      INTEGER = /\A-?\d++\z/
      # Without one of these in a text no number in it is too large for a float64.
      PERHAPS_LARGE = /\d[eE]\+?\d{3}|\d{200}/
      private_constant :ESCAPE, :STRING, :NUMBER, :TOKEN, :INTEGER, :PERHAPS_LARGE

      # What must not stand raw in a text that consoles and logs show.
      UNPRINTED = /[\u007f-\u009f\u2028\u2029]/
      private_constant :UNPRINTED

      # A JSON object that refuses a key it has.
      class StrictObject < Hash
        # @raise [PayloadDecodeError] for a key that is there
        def []=(key, value)
          raise PayloadDecodeError, "the key #{key[0, 60].inspect} is there twice" if key?(key)

          super
        end
      end
      private_constant :StrictObject

      # @param text [String]
      # @return [Object] of {StrictObject}s and arrays, not yet a value of the model
      # @raise [PayloadDecodeError]
      def self.parse(text)
        text = text.encode(Encoding::UTF_8) unless text.encoding == Encoding::UTF_8
        check(text)
        tree = JSON.parse(text, max_nesting: NESTING, object_class: StrictObject, create_additions: false)
        finite(tree) if text.match?(PERHAPS_LARGE)
        tree
      rescue JSON::NestingError
        raise PayloadDecodeError, 'the JSON text is nested too deep'
      rescue JSON::ParserError, EncodingError
        raise PayloadDecodeError, "the text is not JSON: #{excerpt(text)}"
      end

      # @param tree [Object] of nil, true, false, numbers, text, arrays and hashes with text keys
      # @return [String] in raw Unicode, without spaces
      def self.generate(tree)
        JSON.generate(tree, max_nesting: 0)
      end

      # @param text [String] JSON
      # @return [String] the same JSON, with what is not printed written as escapes
      def self.printable(text)
        text.match?(UNPRINTED) ? text.gsub(UNPRINTED) { |char| format('\u%04x', char.ord) } : text
      end

      def self.check(text)
        raise PayloadDecodeError, 'the text is not valid UTF-8' unless text.valid_encoding?

        scanner = StringScanner.new(text)
        while (length = scanner.skip(TOKEN))
          refuse_long_integer(scanner.matched) if length > Values::DIGITS
        end
        raise PayloadDecodeError, "the text is not JSON: #{excerpt(scanner.rest)}" unless scanner.eos?
      end
      private_class_method :check

      # Before the parser spends the time on it.
      def self.refuse_long_integer(token)
        return unless token.match?(INTEGER) && token.delete('-').size > Values::DIGITS

        raise PayloadDecodeError, "an integer in the text has more than #{Values::DIGITS} digits"
      end
      private_class_method :refuse_long_integer

      def self.finite(tree)
        case tree
        when Hash then tree.each_value { |value| finite(value) }
        when Array then tree.each { |element| finite(element) }
        when Float then raise PayloadDecodeError, 'a payload has a number that is too large for a float64' if tree.infinite?
        end
      end
      private_class_method :finite

      def self.excerpt(text)
        text = text.scrub
        (text.size > 40 ? "#{text[0, 40]}…" : text).inspect
      end
      private_class_method :excerpt
    end
  end
end
