# frozen_string_literal: true

require 'json'
require 'strscan'

require_relative 'refusals'
require_relative 'shown'
require_relative 'text'

module Pyflow
  class Codec
    # What is wrong with a text that is not strict JSON: the first fault in it, found by reading it again, slowly.
    #
    # The fast reader only says that something is wrong, in words of its own. Here every language finds the same fault
    # at the same place (protocol/refusals.md). It takes time in proportion to the text, and no stack.
    class JsonFault
      # Brackets inside each other: what 64 levels can take with all their tags, and more.
      BRACKETS = 256
      # Digits of an integer.
      DIGITS = 1_000
      EXCERPT = 20
      SHOWN = 40
      LITERALS = { 't' => 'true', 'f' => 'false', 'n' => 'null' }.freeze
      private_constant :EXCERPT, :SHOWN, :LITERALS

      # @param text [String] that is not strict JSON
      # @return [PayloadDecodeError] of one in which nothing is wrong, that it is too deep
      def self.of(text)
        find(text) || Refusals.refusal(:depth)
      end

      # @param text [String]
      # @return [PayloadDecodeError, nil] its first fault
      def self.find(text)
        text = text.dup.force_encoding(Encoding::UTF_8) unless text.encoding == Encoding::UTF_8
        text.valid_encoding? ? catch(:fault) { new(text).read } : broken(text)
      end

      def self.broken(text)
        whole = text.each_char.take_while(&:valid_encoding?)
        return Refusals.refusal(:surrogate, where: Shown.character(whole.size)) if Text.surrogate?(text)

        Refusals.refusal(:utf8, where: Shown.byte(whole.sum(&:bytesize)))
      end
      private_class_method :broken

      # @param text [String] valid UTF-8
      def initialize(text)
        @in = StringScanner.new(text)
        @size = text.size
        @open = [] # for each container the keys of an object, nil of an array
      end

      # @return [nil] where nothing is wrong; else throws what is
      def read
        expected = :value
        loop do
          @in.skip(/[ \t\n\r]+/)
          return if expected == :end && @in.eos?

          expected = send(expected, here)
        end
      end

      private

      # What may stand next: each takes the character that does, and gives what may follow.

      def value(char)
        case char
        when '"' then string
        when '{', '[' then return enter(char)
        when 't', 'f', 'n' then LITERALS.fetch(char).each_char { |expected| take(expected) }
        else
          word = @in.check(/-?Infinity|NaN/)
          fault(:'json-nonfinite', found: word, where: place(@in.pos)) if word
          number
        end
        after
      end

      def enter(char)
        @open.push(char == '{' ? {} : nil)
        fault(:depth) if @open.size > BRACKETS
        @in.getch
        char == '{' ? :first_key : :first_value
      end

      def first_value(char)
        char == ']' ? close : value(char)
      end

      def first_key(char)
        char == '}' ? close : key(char)
      end

      def key(char)
        strange unless char == '"'
        start = @in.pos
        string
        name = JSON.parse("[#{@in.string.byteslice(start, @in.pos - start)}]").first
        fault(:'key-twice', key: Shown.quoted(name), where: place(start)) if @open.last.key?(name)
        @open.last[name] = true
        :colon
      end

      def colon(_char)
        take(':')
        :value
      end

      def next(char)
        return close if char == (@open.last ? '}' : ']')

        take(',')
        @open.last ? :key : :value
      end

      def end(_char)
        strange
      end

      def close
        @open.pop
        @in.getch
        after
      end

      def after
        @open.empty? ? :end : :next
      end

      def string
        @in.getch
        loop do
          @in.skip(/[^"\\\u0000-\u001f]+/)
          case here
          when '"' then return @in.getch
          when '\\' then escape
          else strange
          end
        end
      end

      def escape
        start = @in.pos
        @in.getch
        return @in.skip(%r{["\\/bfnrt]}) || strange unless here == 'u'

        @in.getch
        code = Array.new(4) { @in.scan(/\h/) || (here && strange) }.join.to_i(16)
        return unless (0xd800..0xdfff).cover?(code)

        fault(:surrogate, where: place(start)) unless code < 0xdc00 && @in.skip(/\\u[dD][c-fC-F]\h\h/)
      end

      def number
        start = @in.pos
        @in.skip(/-/)
        @in.skip(/0/) || digits
        whole = @in.pos
        digits if @in.skip(/\./)
        exponent if @in.skip(/[eE]/)
        check_number(start, whole == @in.pos)
      end

      def check_number(start, integer)
        token = @in.string.byteslice(start, @in.pos - start)
        if integer
          fault(:'integer-digits', where: place(start)) if token.delete('-').size > DIGITS
        elsif token.to_f.infinite?
          fault(:'json-float', found: Text.cut(token, SHOWN), where: place(start))
        end
      end

      def exponent
        @in.skip(/[+-]/) if here
        digits
      end

      def digits
        here && (@in.skip(/[0-9]+/) || strange)
      end

      def take(expected)
        here == expected ? @in.getch : strange
      end

      # @return [String] the next character
      def here
        fault(:'json-end', at: @size) if @in.eos?
        @in.check(/./m)
      end

      # Characters are counted for the one fault alone: it takes time.
      def place(byte)
        Shown.character(@in.string.byteslice(0, byte).size)
      end

      def strange
        fault(:'json-syntax', found: Shown.quoted(@in.check(/.{1,21}/m), EXCERPT), at: @in.charpos + 1)
      end

      def fault(code, **slots)
        throw :fault, Refusals.refusal(code, **slots)
      end
    end
  end
end
