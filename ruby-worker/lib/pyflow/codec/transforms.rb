# frozen_string_literal: true

require 'zlib'

require_relative 'refusals'
require_relative 'shown'

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
        applied.reverse_each { |name| known(name) }
        applied.reverse.inject(bytes) do |coded, name|
          plain = name == ZLIB ? inflate(coded) : decode(coded, name)
          too_large(name) if plain.bytesize > LIMIT
          plain
        end
      end

      private

      def known(name)
        return if name == ZLIB || @codecs.key?(name)

        known = Shown.known([ZLIB, *@codecs.keys].uniq)
        raise Refusals.refusal(:'codec-unknown', codec: Shown.quoted(name), known:)
      end

      def decode(bytes, name)
        @codecs.fetch(name).decode(bytes).b
      rescue PayloadDecodeError, UnknownCodec
        raise
      rescue StandardError => e
        why = Text.scrub("#{e.class}: #{e.message}").split.join(' ')
        raise Refusals.refusal(:'codec-undo', codec: Shown.quoted(name), why:)
      end

      def inflate(bytes)
        stream = Zlib::Inflate.new
        inflated = String.new(encoding: Encoding::BINARY)
        stream.inflate(bytes) do |part|
          inflated << part
          too_large(ZLIB) if inflated.bytesize > LIMIT
        end
        raise Refusals.refusal(:zlib) unless stream.finished? && stream.total_in == bytes.bytesize

        inflated
      rescue Zlib::Error
        raise Refusals.refusal(:zlib)
      ensure
        stream.reset # closing one that is not at its end warns
        stream.close
      end

      def too_large(name)
        raise Refusals.refusal(:'decoded-size', codec: Shown.quoted(name))
      end
    end
  end
end
