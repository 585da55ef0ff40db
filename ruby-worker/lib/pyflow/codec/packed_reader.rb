# frozen_string_literal: true

require_relative 'decimals'
require_relative 'timestamps'
require_relative 'values'

module Pyflow
  class Codec
    # Reads one msgpack value and refuses whatever could hurt: counts that the bytes left can't hold, too many
    # levels, unknown extensions, keys that are no keys or come twice, bytes behind the value.
    #
    # Ruby's own unpacker allocates what a header promises; so the headers are read here.
    class PackedReader
      # Bytes that 1,000 digits can take.
      BIG_INTEGER_BYTES = (1..416)

      # Header byte => bytes of the number that follows, and what it is
      SIZED = {
        0xc4 => [1, :binary], 0xc5 => [2, :binary], 0xc6 => [4, :binary],
        0xc7 => [1, :extension], 0xc8 => [2, :extension], 0xc9 => [4, :extension],
        0xd9 => [1, :text], 0xda => [2, :text], 0xdb => [4, :text],
        0xdc => [2, :array], 0xdd => [4, :array], 0xde => [2, :map], 0xdf => [4, :map]
      }.freeze
      # Header byte => length and directive of a number
      NUMBERS = {
        0xca => [4, 'g'], 0xcb => [8, 'G'], 0xcc => [1, 'C'], 0xcd => [2, 'n'], 0xce => [4, 'N'], 0xcf => [8, 'Q>'],
        0xd0 => [1, 'c'], 0xd1 => [2, 's>'], 0xd2 => [4, 'l>'], 0xd3 => [8, 'q>']
      }.freeze
      FIXED_EXTENSIONS = { 0xd4 => 1, 0xd5 => 2, 0xd6 => 4, 0xd7 => 8, 0xd8 => 16 }.freeze
      SIZES = { 1 => 'C', 2 => 'n', 4 => 'N' }.freeze
      private_constant :SIZED, :NUMBERS, :FIXED_EXTENSIONS, :SIZES

      # @param bytes [String]
      def initialize(bytes)
        @bytes = bytes.b
        @at = 0
      end

      # @return [Object] the one value that the bytes are
      # @raise [PayloadDecodeError]
      def value
        read = item(0)
        refuse("#{left} bytes behind its value") unless left.zero?
        read
      end

      private

      def left
        @bytes.bytesize - @at
      end

      def take(count)
        refuse('a length beyond its end') if count > left
        @at += count
        @bytes.byteslice(@at - count, count)
      end

      def item(depth)
        head = take(1).ord
        case head
        when 0x00..0x7f then head
        when 0x80..0x8f then map(head & 0x0f, depth)
        when 0x90..0x9f then array(head & 0x0f, depth)
        when 0xa0..0xbf then text(head & 0x1f)
        when 0xc0 then nil
        when 0xc2, 0xc3 then head == 0xc3
        when 0xe0..0xff then head - 256
        else long(head, depth)
        end
      end

      def long(head, depth)
        if (length, directive = NUMBERS[head])
          take(length).unpack1(directive)
        elsif (length = FIXED_EXTENSIONS[head])
          extension(length)
        elsif SIZED.key?(head)
          sized(head, depth)
        else
          refuse('the byte c1')
        end
      end

      def sized(head, depth)
        length, kind = SIZED[head]
        count = take(length).unpack1(SIZES[length])
        case kind
        when :binary then take(count)
        when :text then text(count)
        when :extension then extension(count)
        when :array then array(count, depth)
        else map(count, depth)
        end
      end

      def text(count)
        text = take(count).force_encoding(Encoding::UTF_8)
        text.valid_encoding? ? text : refuse('text that is not UTF-8')
      end

      def array(count, depth)
        inner = deeper(depth)
        refuse('more elements than bytes') if count > left
        Array.new(count) { item(inner) }
      end

      def map(count, depth)
        inner = deeper(depth)
        refuse('more entries than bytes') if count * 2 > left
        count.times.each_with_object({}) do |_, map|
          key = item(inner)
          refuse('a map key that is neither text, integer nor bytes') unless key.is_a?(String) || key.is_a?(Integer)
          refuse('one key twice in a map') if map.key?(key)
          map[key] = item(inner)
        end
      end

      def extension(count)
        type = take(1).unpack1('c')
        data = take(count)
        case type
        when -1 then Timestamps.read(data)
        when 1 then big_integer(data)
        when 2 then Decimals.parse(data.force_encoding(Encoding::US_ASCII))
        else refuse("the msgpack extension #{type}, which the contract does not know")
        end
      end

      def big_integer(data)
        refuse("a big integer of #{data.bytesize} bytes") unless BIG_INTEGER_BYTES.cover?(data.bytesize)
        value = data.unpack1('H*').to_i(16)
        value -= 1 << (8 * data.bytesize) if data.getbyte(0) > 127
        Values.integer?(value) ? value : refuse("an integer of more than #{Values::DIGITS} digits")
      end

      def deeper(depth)
        depth < Values::DEPTH ? depth + 1 : refuse("more than #{Values::DEPTH} levels of arrays and maps")
      end

      def refuse(what)
        raise PayloadDecodeError, "a payload has #{what}"
      end
    end
  end
end
