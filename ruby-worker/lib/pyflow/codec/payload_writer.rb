# frozen_string_literal: true

require_relative 'amount'
require_relative 'json_text'
require_relative 'packed'
require_relative 'reference'
require_relative 'regular'
require_relative 'text'
require_relative 'values'
require_relative 'xjson'

module Pyflow
  class Codec
    # The texts that a value may become, in the order in which the contract wants them tried
    # (protocol/payload.md, "Writing"). One object writes one value.
    class PayloadWriter
      CODINGS = %i[auto json xjson msgpack].freeze
      # Header names that are the contract's; a user's own begin with `x-`.
      HEADERS = %w[traceparent tracestate baggage attempt heartbeat_timeout start_to_close_timeout last_heartbeat].freeze
      # Units of all headers together.
      HEADERS_LIMIT = 4_096
      private_constant :CODINGS, :HEADERS

      # The text of an SWF field, and, where it is a claim check, the bytes to store before the text is sent.
      Written = Struct.new(:text, :claim, :stored, keyword_init: true)

      # A text's length as SWF counts it, whether it is compressed, and the text, which is made when it is asked for.
      Form = Struct.new(:units, :compressed, :made) do
        # @return [Form] of a text that is there
        def self.of(text)
          new(Text.units(text), false, -> { text })
        end

        # @return [String]
        def text
          made.call
        end
      end

      # @param value [Object]
      # @param what [String] names the value in errors
      # @param transforms [Transforms]
      # @raise [PayloadEncodeError, PayloadTooLarge] for a value, headers or an id that no form can hold
      def initialize(value, what:, transforms:, coding: :auto, headers: {}, id: nil)
        @what = what
        @transforms = transforms
        @coding = coding
        values = Values.new(what)
        @regular = Regular.value?(value)
        @value = @regular ? value : values.canonical(value)
        @plain = values.plain? && %i[auto json].include?(coding)
        check_coding(values.plain?)
        @frame = { **header_frame(headers), **id_frame(id) }
      end

      # @yieldparam form [Form] one after another, until the caller has one that fits
      def each_form
        if in_data?
          yield data(enc, bytes(enc))
        else
          raw = readable
          printable = JsonText.printable(raw)
          yield Form.of(printable)
          yield Form.of(raw) unless printable == raw
        end
        packed = bytes(short_enc)
        return unless Amount.readable?(short_enc, packed)

        yield data(short_enc, @transforms.compress(packed), Transforms::ZLIB)
      end

      # @param store [String] a name
      # @return [Written, nil] the compressed form as a claim check; nil where a reader would not take so many bytes
      def claim(store)
        packed = bytes(short_enc)
        return unless Amount.readable?(short_enc, packed)

        stored = @transforms.apply(@transforms.compress(packed))
        return if stored.bytesize > Transforms::LIMIT

        names = [Transforms::ZLIB, *@transforms.names]
        claim = Reference.of(stored, store, short_enc, names)
        Written.new(text: write('enc' => short_enc, 'codecs' => names, 'ref' => claim.ref, **@frame), claim:, stored:)
      end

      private

      def check_coding(has_plain_form)
        unless CODINGS.include?(@coding)
          raise PayloadEncodeError, "#{@what} can't be written in #{@coding.inspect}: say one of #{CODINGS.join(', ')}"
        end

        refuse(:'no-plain-form') if @coding == :json && !has_plain_form
      end

      # Whether the uncompressed form, too, is one of bytes.
      def in_data?
        @coding == :msgpack || @transforms.names.any?
      end

      def readable
        return JsonText.generate(@value) if bare?

        write('enc' => enc, 'value' => @plain ? @value : Xjson.tag(@value), **@frame)
      end

      # Whether the value may stand by itself, without an envelope.
      def bare?
        @plain && @frame.empty? && @transforms.names.empty? && !(@value.is_a?(Hash) && @value.key?(KEY))
      end

      # The coding of what has to be short.
      def short_enc
        @coding == :auto ? 'msgpack' : @coding.to_s
      end

      def enc
        return 'msgpack' if @coding == :msgpack

        @plain ? 'json' : 'xjson'
      end

      def bytes(enc)
        return @packed ||= Packed.pack(@value, regular: @regular) if enc == 'msgpack'

        JsonText.generate(enc == 'xjson' ? Xjson.tag(@value) : @value).b
      end

      # Only a form that fits is made: base64 takes four characters for three bytes, in a frame whose length is known.
      def data(enc, bytes, *compressed)
        names = compressed + @transforms.names
        codecs = names.any? ? { 'codecs' => names } : {}
        bytes = @transforms.apply(bytes)
        made = ->(data) { write('enc' => enc, **codecs, 'data' => data, **@frame) }
        units = Text.units(made.call('')) + (((bytes.bytesize + 2) / 3) * 4)
        Form.new(units, compressed.any?, -> { made.call([bytes].pack('m0')) })
      end

      def header_frame(headers)
        return {} if headers.nil? || headers.empty?

        strange = headers.keys.find { |name| !HEADERS.include?(name) && !name.to_s.start_with?('x-') }
        refuse(:'header-name', name: Shown.quoted(strange.to_s)) if strange
        tagged = Values.new("headers of #{@what}").canonical(headers).transform_values { |value| Xjson.tag(value) }
        size = Text.units(JsonText.generate(tagged))
        return { 'h' => tagged } if size <= HEADERS_LIMIT

        refuse(:'headers-size', size:)
      end

      def id_frame(id)
        return {} if id.nil?

        units = Text.units(id)
        refuse(:'id-size', size: units) unless PayloadReader::ID_UNITS.cover?(units)
        { 'id' => id }
      end

      def write(members)
        JsonText.generate({ KEY => VERSION, **members })
      end

      def refuse(code, **slots)
        raise Refusals.refusal(code, what: @what, **slots)
      end
    end
  end
end
