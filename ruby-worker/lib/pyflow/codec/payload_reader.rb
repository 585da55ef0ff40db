# frozen_string_literal: true

require_relative 'json_text'
require_relative 'packed'
require_relative 'reference'
require_relative 'text'
require_relative 'xjson'

module Pyflow
  class Codec
    # A payload, read. value: a {Reference} where it is a claim check; headers: a Hash with text keys; id: of a
    # signal that may come twice, else nil; enveloped: whether it was no plain JSON.
    Payload = Struct.new(:value, :headers, :id, :enveloped, keyword_init: true)

    # Reads what an SWF field holds (protocol/payload.md, "Reading" and "The envelope").
    class PayloadReader
      CODINGS = %w[json xjson msgpack].freeze
      # An envelope has exactly one of these.
      HOLDERS = %w[value data ref failure].freeze
      # Units of an id.
      ID_UNITS = (1..256)
      private_constant :CODINGS, :HOLDERS

      # @param transforms [Transforms]
      def initialize(transforms)
        @transforms = transforms
      end

      # @param text [String, nil]
      # @return [Payload]
      # @raise [PayloadDecodeError, UnsupportedPayloadVersion, UnknownCodec]
      def read(text)
        return Payload.new(value: nil, headers: {}, enveloped: false) if text.nil? || text.empty?

        plain = JsonText.parse_plain(text)
        return plain(plain) unless plain.nil? || envelope?(plain)

        tree = JsonText.parse(text)
        envelope?(tree) ? envelope(tree) : plain(Xjson.plain(tree))
      end

      # @param enc [String] one of {CODINGS}
      # @param bytes [String] serialised so
      # @return [Object] the value
      # @raise [PayloadDecodeError]
      def bytes(enc, bytes)
        return Packed.unpack(bytes) if enc == 'msgpack'

        tree = JsonText.parse(bytes.dup.force_encoding(Encoding::UTF_8))
        enc == 'xjson' ? Xjson.untag(tree) : Xjson.plain(tree)
      end

      private

      def plain(value)
        Payload.new(value:, headers: {}, enveloped: false)
      end

      def envelope?(tree)
        tree.is_a?(Hash) && tree.key?(KEY)
      end

      def envelope(envelope)
        check_version(envelope[KEY])
        holder = holder(envelope)
        enc = envelope.fetch('enc', 'json')
        refuse("the enc #{enc.inspect[0, 40]}, which this pyflow does not know") unless CODINGS.include?(enc)
        names = codecs(envelope.fetch('codecs', []))
        beside = { headers: headers(envelope.fetch('h', {})), id: id(envelope) } # before a codec is asked for
        Payload.new(value: held(holder, envelope, enc, names), enveloped: true, **beside)
      end

      def check_version(version)
        refuse("the version #{version.inspect[0, 40]}, which is no integer") unless version.is_a?(Integer)
        return if version == VERSION

        raise UnsupportedPayloadVersion,
              "a payload has the version #{version.to_s[0, 40]}, this pyflow reads #{VERSION}: upgrade it"
      end

      def holder(envelope)
        held = HOLDERS.select { |name| envelope.key?(name) }
        unless held.one?
          refuse("#{held.empty? ? 'nothing' : held.join(' and ')} in its envelope, not one of #{HOLDERS.join(', ')}")
        end
        refuse('a failure document where a value is expected') if held.first == 'failure'
        held.first
      end

      def held(holder, envelope, enc, names)
        case holder
        when 'data' then bytes(enc, @transforms.undo(Xjson.base64(envelope['data']), names))
        when 'ref' then Reference.parse(envelope['ref'], enc, names)
        else
          refuse('a value in its envelope where only data can be') if names.any? || enc == 'msgpack'
          enc == 'xjson' ? Xjson.untag(envelope['value']) : Xjson.plain(envelope['value'])
        end
      end

      def codecs(names)
        names.is_a?(Array) && names.all?(String) ? names : refuse('codecs that are no array of texts')
      end

      def headers(headers)
        refuse('headers that are no object') unless headers.is_a?(Hash)
        headers.transform_values { |value| Xjson.untag(value) }
      end

      def id(envelope)
        return unless envelope.key?('id')

        id = envelope['id']
        id.is_a?(String) && ID_UNITS.cover?(Text.units(id)) ? id : refuse('an id that is no text of 1 to 256 units')
      end

      def refuse(what)
        raise PayloadDecodeError, "a payload has #{what}"
      end
    end
  end
end
