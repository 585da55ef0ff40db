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

      CONTROLS = "\0-\x1f"
      MASKS = ['\\u003', '\\u002'].freeze
      ESCAPES = /\A[^\\]*+(?:#{ESCAPE}[^\\]*+)*+\z/
      LONG = ('0' * (Values::DIGITS + 1)).freeze
      PLAIN = { max_nesting: Values::DEPTH, create_additions: false }.freeze
      private_constant :CONTROLS, :MASKS, :ESCAPES, :LONG, :PLAIN

      # What must not stand raw in a text that consoles and logs show.
      UNPRINTED = /[\u007f-\u009f\u2028\u2029]/
      LATIN = "\xc2".b.freeze
      PUNCTUATION = "\xe2\x80".b.freeze
      C1 = /\xc2[\x80-\x9f]/n
      SEPARATORS = /\xe2\x80[\xa8\xa9]/n
      private_constant :UNPRINTED, :LATIN, :PUNCTUATION, :C1, :SEPARATORS

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

      # The value of a plain text in which nothing can be wrong that Ruby's parser lets pass; what is a common case is read
      # by it alone. Written again, a text has as many colons and slashes as before, unless a key came twice, there was a
      # comment, or a character was written as an escape; what does not fit float64 can't be written again.
      #
      # @param text [String]
      # @return [Object, nil] the value; nil where the careful way has to look
      def self.parse_plain(text)
        return unless text.encoding == Encoding::UTF_8 && usual?(text)

        tree = JSON.parse(text, PLAIN)
        again = JSON.generate(tree)
        tree if again.count(':') == text.count(':') && again.count('/') == text.count('/')
      rescue JSON::JSONError, EncodingError, ArgumentError
        nil
      end

      # No white space but blanks, no integer that is too long, no escape that is none or stands for a colon or a slash.
      def self.usual?(text)
        bytes = text.b
        return false unless bytes.count(CONTROLS).zero?
        return false if bytes.size > Values::DIGITS && bytes.tr('0-9', '0').include?(LONG)

        !text.include?('\\') || (MASKS.none? { |mask| text.include?(mask) } && text.match?(ESCAPES))
      end
      private_class_method :usual?

      # @param tree [Object] of nil, true, false, numbers, text, arrays and hashes with text keys
      # @return [String] in raw Unicode, without spaces
      def self.generate(tree)
        JSON.generate(tree, max_nesting: 0)
      end

      # @param text [String] JSON
      # @return [String] the same JSON, with what is not printed written as escapes
      def self.printable(text)
        unprinted?(text) ? text.gsub(UNPRINTED) { |char| format('\u%04x', char.ord) } : text
      end

      # Looks at bytes, since to look at characters takes ten times as long.
      def self.unprinted?(text)
        return true if text.include?("\x7f")
        return false if text.ascii_only?

        bytes = text.b
        (bytes.include?(LATIN) && bytes.match?(C1)) || (bytes.include?(PUNCTUATION) && bytes.match?(SEPARATORS))
      end
      private_class_method :unprinted?

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
