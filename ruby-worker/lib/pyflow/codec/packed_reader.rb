# frozen_string_literal: true

require_relative 'decimals'
require_relative 'shown'
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
        @texts = @bytes.dup.force_encoding(Encoding::UTF_8) # a part of it is a text, without a step more
        @size = @bytes.bytesize
        @at = 0
        @owed = 1 # items that headers promised and that are yet to come, a byte each at least
      end

      # @return [Object] the one value that the bytes are
      # @raise [PayloadDecodeError]
      def value
        read = item(0)
        refuse(:'msgpack-rest', where: Shown.byte(@at)) unless @at == @size
        read
      end

      private

      def take(count)
        at = @at
        too_short if count > @size - at
        @at = at + count
        @bytes.byteslice(at, count)
      end

      # Compares the first byte, of which there are many, rather than to look it up.
      def item(depth)
        start = @at
        head = @bytes.getbyte(start) || too_short
        @at = start + 1
        @owed -= 1
        if head < 0x80 then head
        elsif head < 0x90 then map(head & 0x0f, depth)
        elsif head < 0xa0 then array(head & 0x0f, depth)
        elsif head < 0xc0 then text(head & 0x1f, start)
        elsif head >= 0xe0 then head - 256
        else
          long(head, depth, start)
        end
      end

      def long(head, depth, start)
        return number(head) if head >= 0xca && head <= 0xd3
        return head == 0xc3 if head == 0xc3 || head == 0xc2
        return if head == 0xc0

        if (length = FIXED_EXTENSIONS[head])
          extension(length, start)
        elsif SIZED.key?(head)
          sized(head, depth, start)
        else
          refuse(:'msgpack-byte', where: Shown.byte(start))
        end
      end

      def number(head)
        length, directive = NUMBERS[head]
        at = @at
        too_short if length > @size - at
        @at = at + length
        @bytes.unpack1(directive, offset: at)
      end

      def sized(head, depth, start)
        length, kind = SIZED[head]
        count = take(length).unpack1(SIZES[length])
        case kind
        when :binary then take(count)
        when :text then text(count, start)
        when :extension then extension(count, start)
        when :array then array(count, depth)
        else map(count, depth)
        end
      end

      def text(count, start)
        at = @at
        too_short if count > @size - at
        @at = at + count
        text = @texts.byteslice(at, count)
        text.valid_encoding? ? text : refuse(:utf8, where: Shown.byte(start))
      end

      def array(count, depth)
        inner = promised(count, depth)
        Array.new(count) { item(inner) }
      end

      def map(count, depth)
        inner = promised(count * 2, depth)
        map = {}
        count.times do
          start = @at
          key = item(inner)
          unless key.instance_of?(String) || key.instance_of?(Integer)
            refuse(:'key-kind', found: Shown.value(key), where: Shown.byte(start))
          end
          refuse(:'key-twice', key: Shown.value(key), where: Shown.byte(start)) if map.key?(key)
          map[key] = item(inner)
        end
        map
      end

      # Before anything is allocated for them; gives the depth of the items.
      def promised(count, depth)
        @owed += count
        too_short if @owed > @size - @at
        depth < Values::DEPTH ? depth + 1 : refuse(:depth)
      end

      def extension(count, start)
        type = take(1).unpack1('c')
        data = take(count)
        where = Shown.byte(start)
        case type
        when -1 then Timestamps.read(data, where)
        when 1 then big_integer(data, where)
        when 2 then decimal(data, where)
        else refuse(:'msgpack-extension', type:, where:)
        end
      end

      def big_integer(data, where)
        refuse(:'msgpack-integer', size: data.bytesize, where:) unless BIG_INTEGER_BYTES.cover?(data.bytesize)
        value = data.unpack1('H*').to_i(16)
        value -= 1 << (8 * data.bytesize) if data.getbyte(0) > 127
        Values.integer?(value) ? value : refuse(:'integer-digits', where:)
      end

      def decimal(data, where)
        text = data.dup.force_encoding(Encoding::US_ASCII)
        Decimals.parse(text) { |code| refuse(code, found: Shown.value(text.valid_encoding? ? text : data), where:) }
      end

      def too_short
        refuse(:'msgpack-end', at: @size)
      end

      def refuse(code, **slots)
        raise Refusals.refusal(code, **slots)
      end
    end
  end
end
