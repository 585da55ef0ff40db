# frozen_string_literal: true

require 'json'
require 'strscan'

require_relative 'json_fault'
require_relative 'values'

module Pyflow
  class Codec
    # JSON as RFC 8259 has it and nothing more (protocol/value-model.md, "Strict JSON").
    #
    # Ruby's parser takes comments, unknown escapes, lone surrogates and broken UTF-8, and which of
    # them depends on its version. So one pattern first says whether there are but tokens of JSON; the structure is
    # left to the parser. It keeps the last of two equal keys: then the objects have fewer entries than the text
    # has colons. What is wrong, and where, is found by {JsonFault} then.
    module JsonText
      ESCAPE = %r{\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])\h{4}|u[dD][89abAB]\h\h\\u[dD][c-fC-F]\h\h)}
      STRING = /"[^"\\\u0000-\u001f]*+(?:#{ESCAPE}[^"\\\u0000-\u001f]*+)*+"/
      NUMBER = /-?(?:0|[1-9]\d*+)(?:\.\d++)?+(?:[eE][+-]?\d++)?+/
      # So many at once that going on costs nothing, and so few that the pattern takes no memory.
      TOKENS = /(?>(?:[ \t\n\r\[\]{},:]++|#{STRING}|#{NUMBER}|true|false|null){1,1000})/
      LONG_INTEGER = /(?<!\d)\d{#{JsonFault::DIGITS + 1}}/
      # A colon that follows no key.
      COLON_IN_STRING = /(?<![" \t\n\r]):/
      private_constant :ESCAPE, :STRING, :NUMBER, :TOKENS, :LONG_INTEGER, :COLON_IN_STRING

      CONTROLS = "\0-\x1f"
      MASKS = ['\\u003', '\\u002'].freeze
      ESCAPES = /\A[^\\]*+(?:#{ESCAPE}[^\\]*+)*+\z/
      LONG = ('0' * (Values::DIGITS + 1)).freeze
      # Copied for each text, since a writer counts its levels in it; that takes less time than to read options.
      PLAIN = JSON::State.new(max_nesting: Values::DEPTH).freeze
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
        # @raise [JSON::ParserError] for a key that is there
        def []=(key, value)
          raise JSON::ParserError, 'one key twice' if key?(key)

          super
        end
      end
      private_constant :StrictObject

      # @param text [String]
      # @return [Object] of hashes and arrays, not yet a value of the model
      # @raise [PayloadDecodeError]
      def self.parse(text)
        parse_seeing(text).first
      end

      # @param text [String]
      # @return [Array(Object, Boolean)] as {parse}, and whether it is not nested too deep for a value
      # @raise [PayloadDecodeError]
      def self.parse_seeing(text)
        text = text.encode(Encoding::UTF_8) unless text.encoding == Encoding::UTF_8
        raise JsonFault.of(text) unless tokens?(text)

        tree, shallow = structure(text)
        build(text, JsonFault::BRACKETS, StrictObject) unless whole?(tree, text)
        [tree, shallow]
      rescue JSON::ParserError, EncodingError
        raise JsonFault.of(text)
      end

      # The value of a text in which nothing can be wrong that Ruby's parser lets pass; what is a common case is read
      # by it alone, and written again. Mostly that gives the text itself, which so is JSON. Else it has as many colons and
      # slashes as before, unless a key came twice, there was a comment, or a character was written as an escape. What
      # does not fit float64, or is nested too deep, can't be written again.
      #
      # @param text [String]
      # @return [Object, nil] the value; nil where the careful way has to look
      def self.parse_plain(text)
        return unless text.encoding == Encoding::UTF_8 && text.valid_encoding? && !long_integer?(text)

        tree = JSON.parse(text)
        again = generate_plain(tree)
        tree if again == text || (usual?(text) && %w[: /].all? { |char| again.count(char) == text.count(char) })
      rescue JSON::JSONError, EncodingError, ArgumentError
        nil
      end

      # A long one has a digit at a multiple of the length, where few texts have one.
      def self.long_integer?(text)
        return false if text.bytesize <= Values::DIGITS

        0.step(text.bytesize - 1, Values::DIGITS).any? { |at| text.getbyte(at).between?(48, 57) } &&
          text.b.tr('0-9', '0').include?(LONG)
      end
      private_class_method :long_integer?

      # No white space but blanks, no escape that is none or stands for a colon or a slash.
      def self.usual?(text)
        return false unless text.b.count(CONTROLS).zero?

        !text.include?('\\') || (MASKS.none? { |mask| text.include?(mask) } && text.match?(ESCAPES))
      end
      private_class_method :usual?

      # @param tree [Object] as {generate} takes it, of 64 levels at most
      # @return [String] as {generate}
      # @raise [JSON::NestingError] for more
      def self.generate_plain(tree)
        PLAIN.dup.generate(tree)
      end

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

      def self.tokens?(text)
        return false unless text.valid_encoding?

        scanner = StringScanner.new(text)
        nil while scanner.skip(TOKENS)
        scanner.eos? && !(text.bytesize > JsonFault::DIGITS && text.match?(LONG_INTEGER) && JsonFault.find(text))
      end
      private_class_method :tokens?

      def self.structure(text)
        [build(text, Values::DEPTH), true]
      rescue JSON::NestingError
        [build(text, JsonFault::BRACKETS), false]
      end
      private_class_method :structure

      def self.build(text, max_nesting, object_class = nil)
        JSON.parse(text, max_nesting:, object_class:, create_additions: false)
      end
      private_class_method :build

      # Whether no key was lost.
      def self.whole?(tree, text)
        surplus = text.count(':') - entries(tree)
        surplus.zero? || surplus == text.scan(COLON_IN_STRING).size
      end
      private_class_method :whole?

      # How many entries the objects have. A number that was too large for a float is refused in passing.
      def self.entries(tree)
        case tree
        when Hash
          count = tree.size
          tree.each_value { |item| count += entries(item) unless item.is_a?(String) || item.is_a?(Integer) }
          count
        when Array
          count = 0
          tree.each { |item| count += entries(item) unless item.is_a?(String) || item.is_a?(Integer) }
          count
        when Float then tree.infinite? ? raise(JSON::ParserError, 'too large for a float64') : 0
        else 0
        end
      end
      private_class_method :entries
    end
  end
end
