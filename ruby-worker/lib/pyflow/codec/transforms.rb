# frozen_string_literal: true

require 'zlib'

require_relative '../errors'

module Pyflow
  class Codec
    # What codecs do to bytes: zlib, which everybody has, and those that a user names.
    #
    # A user's codec is an object with `encode(bytes)` and `decode(bytes)`; the latter raises {UnknownCodec} where
    # another process may have what it takes.
    class Transforms
      # The name of the codec that everybody has.
      ZLIB = 'zlib'
      # Bytes that a reader lets a codec make.
      LIMIT = 16 * 1024 * 1024

      # @return [Array<String>] names of the user's, in the order in which writers apply them
      attr_reader :names

      # @param codecs [Hash{String => #encode, #decode}] which readers know
      # @param names [Array<String>] those of them that writers apply
      def initialize(codecs, names = codecs.keys)
        @codecs = codecs
        @names = names
      end

      # @return [String] the bytes after each of the codecs that writers apply
      def apply(bytes)
        names.inject(bytes) { |coded, name| @codecs.fetch(name).encode(coded) }
      end

      # @return [String] RFC 1950
      def compress(bytes)
        Zlib::Deflate.deflate(bytes, 6)
      end

      # @param applied [Array<String>] as the writer applied them; they are undone last to first
      # @return [String]
      # @raise [UnknownCodec, PayloadDecodeError]
      def undo(bytes, applied)
        unknown = applied.reverse.find { |name| name != ZLIB && !@codecs.key?(name) }
        raise UnknownCodec, "a payload needs the codec #{unknown[0, 60].inspect}, which is not configured here" if unknown

        applied.reverse.inject(bytes) do |coded, name|
          plain = name == ZLIB ? inflate(coded) : decode(coded, name)
          refuse("becomes more than #{LIMIT} bytes") if plain.bytesize > LIMIT
          plain
        end
      end

      private

      def decode(bytes, name)
        @codecs.fetch(name).decode(bytes).b
      rescue PayloadDecodeError, UnknownCodec
        raise
      rescue StandardError => e
        refuse("can't be read by the codec #{name}: #{e.class}: #{e.message.to_s.lines.first.to_s.strip}")
      end

      def inflate(bytes)
        stream = Zlib::Inflate.new
        inflated = String.new(encoding: Encoding::BINARY)
        stream.inflate(bytes) do |part|
          inflated << part
          refuse("becomes more than #{LIMIT} bytes") if inflated.bytesize > LIMIT
        end
        refuse('is not exactly one zlib stream') unless stream.finished? && stream.total_in == bytes.bytesize
        inflated
      rescue Zlib::Error => e
        refuse("is not zlib: #{e.message}")
      ensure
        stream.reset # closing one that is not at its end warns
        stream.close
      end

      def refuse(why)
        raise PayloadDecodeError, "a payload #{why}"
      end
    end
  end
end
