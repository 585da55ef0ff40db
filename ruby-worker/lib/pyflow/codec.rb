# frozen_string_literal: true

require_relative 'errors'
require_relative 'codec/failure_document'
require_relative 'codec/packed'
require_relative 'codec/reference'
require_relative 'codec/text'
require_relative 'codec/transforms'
require_relative 'codec/xjson'

module Pyflow
  # What goes through SWF's strings: values, claim checks and failures, written and read by the contract
  # (protocol/payload.md). No I/O.
  class Codec
    KEY = '$pyflow'
    VERSION = 1
    # Units in a result, details and most other fields of SWF.
    LIMIT = 32_768
    # Units in the details of a heartbeat.
    HEARTBEAT_LIMIT = 2_048
    HEADERS_LIMIT = 4_096
    ID_UNITS = (1..256)
    HEADERS = %w[traceparent tracestate baggage attempt heartbeat_timeout start_to_close_timeout last_heartbeat].freeze
    HOLDERS = %w[value data ref failure].freeze
    private_constant :HEADERS, :HOLDERS

    # A payload, read. value: a {Reference} where it is a claim check; enveloped: whether it was no plain JSON.
    Payload = Struct.new(:value, :headers, :id, :enveloped, keyword_init: true)

    # @return [Codec] without codecs of the user's
    def self.default
      @default ||= new
    end

    # @param codecs [Hash{String => #encode, #decode}] the user's, by name
    # @param include_stack [Boolean] whether failures tell stacks
    def initialize(codecs: {}, include_stack: true)
      @transforms = Transforms.new(codecs)
      @include_stack = include_stack
    end

    # @param text [String, nil] what an SWF field holds
    # @return [Payload]
    # @raise [PayloadDecodeError, UnsupportedPayloadVersion, UnknownCodec]
    def read(text)
      return Payload.new(value: nil, headers: {}, enveloped: false) if text.nil? || text.empty?

      tree = JsonText.parse(text)
      return read_envelope(tree) if tree.is_a?(Hash) && tree.key?(KEY)

      Payload.new(value: Xjson.plain(tree), headers: {}, enveloped: false)
    end

    # @param text [String, nil]
    # @return [Object] the value alone
    def decode(text)
      read(text).value
    end

    # @param reference [Reference]
    # @param stored [String] the bytes that it names
    # @return [Object] their value
    # @raise [PayloadDecodeError] as {#read}
    def resolve(reference, stored)
      read_bytes(reference.enc, @transforms.undo(reference.verify(stored.b), reference.codecs))
    end

    # Writes a value by the contract's ladder: plain, xjson, msgpack compressed.
    #
    # @param value [Object]
    # @param what [String] names it in errors
    # @param limit [Integer] units
    # @param coding [Symbol] `:auto`, or `:json`, `:xjson`, `:msgpack`, which is then used
    # @param headers [Hash{String => Object}]
    # @param id [String, nil] of a signal that may be sent twice
    # @return [String]
    # @raise [PayloadEncodeError, PayloadTooLarge]
    def encode(value, what: 'payload', limit: LIMIT, coding: :auto, headers: {}, id: nil)
      shortest = nil
      forms(value, what, coding, headers, id) do |text|
        units = Text.units(text)
        return text if units <= limit

        shortest = [shortest || units, units].min
      end
      raise PayloadTooLarge, "#{what} is #{shortest} characters in its shortest form, SWF takes #{limit}: " \
                             'pass less, or where it lies'
    end

    # @param value [Object]
    # @return [String, nil] details of a heartbeat; a value too long for one leaves its length alone
    # @raise [PayloadEncodeError] for a value outside the model
    def encode_heartbeat(value)
      return if value.nil?

      lengths = []
      forms(value, 'heartbeat', :auto, {}, nil) do |text|
        return text if Text.units(text) <= HEARTBEAT_LIMIT

        lengths << Text.units(text) unless text.include?('"codecs"')
      end
      write({ 'enc' => 'json', 'value' => nil, 'dropped' => lengths.min })
    end

    # @param error [Exception]
    # @return [Failure]
    def failure_of(error)
      Failure.of(error)
    end

    # @param failure [Failure]
    # @return [Array(String, String)] reason and details
    def encode_failure(failure)
      FailureDocument.write(failure, include_stack: @include_stack)
    end

    # @param reason [String, nil]
    # @param details [String, nil]
    # @return [Failure]
    # @raise [UnknownCodec]
    def decode_failure(reason, details)
      FailureDocument.read(reason, details, @transforms)
    end

    private

    def read_envelope(envelope)
      check_version(envelope[KEY])
      held = HOLDERS.select { |holder| envelope.key?(holder) }
      refuse("#{held.join(' and ')} in its envelope, not one of #{HOLDERS.join(', ')}") unless held.one?
      refuse('a failure document where a value is expected') if held.first == 'failure'
      enc = envelope.fetch('enc', 'json')
      refuse("the enc #{enc.inspect[0, 40]}, which this pyflow does not know") unless %w[json xjson msgpack].include?(enc)
      Payload.new(value: read_held(held.first, envelope, enc), headers: read_headers(envelope.fetch('h', {})),
                  id: read_id(envelope), enveloped: true)
    end

    def check_version(version)
      refuse("the version #{version.inspect[0, 40]}, which is no integer") unless version.is_a?(Integer)
      return if version == VERSION

      raise UnsupportedPayloadVersion,
            "a payload has version #{version} of the contract, this pyflow reads version #{VERSION}: upgrade it"
    end

    def read_held(holder, envelope, enc)
      names = codec_names(envelope)
      case holder
      when 'data' then read_bytes(enc, @transforms.undo(Xjson.base64(envelope['data']), names))
      when 'ref' then Reference.parse(envelope['ref'], enc, names)
      else
        refuse('a value in its envelope where only data can be') if names.any? || enc == 'msgpack'
        enc == 'xjson' ? Xjson.untag(envelope['value']) : Xjson.plain(envelope['value'])
      end
    end

    def read_bytes(enc, bytes)
      return Packed.unpack(bytes) if enc == 'msgpack'

      tree = JsonText.parse(bytes.dup.force_encoding(Encoding::UTF_8))
      enc == 'xjson' ? Xjson.untag(tree) : Xjson.plain(tree)
    end

    def codec_names(envelope)
      names = envelope.fetch('codecs', [])
      refuse('codecs that are no array of texts') unless names.is_a?(Array) && names.all?(String)
      names
    end

    def read_headers(headers)
      refuse('headers that are no object') unless headers.is_a?(Hash)
      headers.transform_values { |value| Xjson.untag(value) }
    end

    def read_id(envelope)
      return unless envelope.key?('id')

      id = envelope['id']
      id.is_a?(String) && ID_UNITS.cover?(Text.units(id)) ? id : refuse('an id that is no text of 1 to 256 units')
    end

    # Yields the texts to try, one by one; the last is compressed.
    def forms(value, what, coding, headers, id)
      values = Values.new(what)
      value = values.canonical(value)
      refuse_coding(what, coding, values.plain?)
      frame = frame(headers, id, what)
      plain = values.plain? && %i[auto json].include?(coding)
      if plain && frame.empty? && @transforms.names.empty? && !(value.is_a?(Hash) && value.key?(KEY))
        yield JsonText.printable(JsonText.generate(value))
      elsif @transforms.names.any? || coding == :msgpack
        enc = coding == :msgpack ? 'msgpack' : ('json' if plain) || 'xjson'
        yield data(enc, bytes(enc, value), [], frame)
      else
        yield write({ 'enc' => plain ? 'json' : 'xjson', 'value' => plain ? value : Xjson.tag(value), **frame })
      end
      enc = coding == :auto ? 'msgpack' : coding.to_s
      yield data(enc, @transforms.compress(bytes(enc, value)), [Transforms::ZLIB], frame)
    end

    def refuse_coding(what, coding, plain)
      unless %i[auto json xjson msgpack].include?(coding)
        raise PayloadEncodeError, "#{what} can't be written in #{coding.inspect}: it takes auto, json, xjson or msgpack"
      end
      return if plain || coding != :json

      raise PayloadEncodeError, "#{what} has no plain JSON form: leave the coding to pyflow, or force xjson"
    end

    def bytes(enc, value)
      return Packed.pack(value) if enc == 'msgpack'

      JsonText.printable(JsonText.generate(enc == 'xjson' ? Xjson.tag(value) : value)).b
    end

    def data(enc, bytes, codecs, frame)
      names = codecs + @transforms.names
      coded = [@transforms.apply(bytes)].pack('m0')
      write({ 'enc' => enc, **(names.any? ? { 'codecs' => names } : {}), 'data' => coded, **frame })
    end

    def frame(headers, id, what)
      frame = {}
      if headers&.any?
        strange = headers.keys.find { |name| !HEADERS.include?(name) && !name.start_with?('x-') }
        raise PayloadEncodeError, "#{what} has the header #{strange}: one of your own begins with x-" if strange

        frame['h'] = headers.transform_values { |value| Xjson.tag(Values.new("header of #{what}").canonical(value)) }
        size = Text.units(JsonText.printable(JsonText.generate(frame['h'])))
        raise PayloadTooLarge, "#{what} has headers of #{size} characters" if size > HEADERS_LIMIT
      end
      return frame if id.nil?
      raise PayloadEncodeError, "#{what} has an id of #{Text.units(id)} units" unless ID_UNITS.cover?(Text.units(id))

      frame.merge('id' => id)
    end

    def write(members)
      JsonText.printable(JsonText.generate({ KEY => VERSION, **members }))
    end

    def refuse(what)
      raise PayloadDecodeError, "a payload has #{what}"
    end
  end
end
