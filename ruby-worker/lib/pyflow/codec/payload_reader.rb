# frozen_string_literal: true

require_relative 'amount'
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
        tree = tree(text)
        envelope?(tree) ? envelope(tree) : Payload.new(value: tree, headers: {}, enveloped: false)
      end

      # @param text [String, nil]
      # @return [Object] the value alone
      # @raise [PayloadDecodeError, UnsupportedPayloadVersion, UnknownCodec]
      def value(text)
        tree = tree(text)
        envelope?(tree) ? envelope(tree).value : tree
      end

      # @param enc [String] one of {CODINGS}
      # @param bytes [String] serialised so
      # @return [Object] the value
      # @raise [PayloadDecodeError]
      def bytes(enc, bytes)
        Amount.check(enc, bytes)
        return Packed.unpack(bytes) if enc == 'msgpack'

        text = bytes.dup.force_encoding(Encoding::UTF_8)
        unless text.valid_encoding?
          whole = text.each_char.take_while(&:valid_encoding?).sum(&:bytesize)
          refuse(:utf8, where: Shown.byte(whole))
        end
        tree = JsonText.parse(text)
        enc == 'xjson' ? Xjson.untag(tree) : Xjson.plain(tree)
      end

      private

      # An envelope, or a value of the model.
      def tree(text)
        return if text.nil? || text.empty?

        plain = JsonText.parse_plain(text)
        return plain unless plain.nil?

        tree, shallow = JsonText.parse_seeing(text)
        shallow || envelope?(tree) ? tree : Xjson.plain(tree)
      end

      def envelope?(tree)
        tree.is_a?(Hash) && tree.key?(KEY)
      end

      # What is wrong is told in the order of protocol/refusals.md.
      def envelope(envelope)
        check_version(envelope[KEY])
        enc, codecs, holder = shape(envelope)
        check_coding(enc, codecs, holder)
        headers = headers(envelope)
        id = id(envelope)
        Payload.new(value: held(holder, envelope, enc, codecs), headers:, id:, enveloped: true)
      end

      def check_version(version)
        refuse(:'version-kind', found: Shown.value(version)) unless version.is_a?(Integer)
        refuse(:version, found: Shown.value(version)) unless version == VERSION
      end

      def shape(envelope)
        enc = envelope.fetch('enc', 'json')
        refuse(:'enc-kind', found: Shown.value(enc)) unless enc.is_a?(String)
        codecs = envelope.fetch('codecs', [])
        refuse(:'codecs-kind', found: Shown.value(codecs)) unless codecs.is_a?(Array)
        codecs.each { |name| refuse(:'codecs-kind', found: Shown.value(name)) unless name.is_a?(String) }
        held = HOLDERS.select { |name| envelope.key?(name) }
        refuse(:contents, found: held.empty? ? 'no content' : held.join(' and ')) unless held.one?
        [enc, codecs, held.first]
      end

      def check_coding(enc, codecs, holder)
        refuse(:failure) if holder == 'failure'
        refuse(:enc, found: Shown.value(enc)) unless CODINGS.include?(enc)
        return unless holder == 'value'

        refuse(:'value-codecs') if codecs.any?
        refuse(:'value-msgpack') if enc == 'msgpack'
      end

      def held(holder, envelope, enc, codecs)
        case holder
        when 'data' then bytes(enc, @transforms.undo(data(envelope['data']), codecs))
        when 'ref' then Reference.parse(envelope['ref'], enc, codecs)
        else enc == 'xjson' ? Xjson.untag(envelope['value'], envelope) : Xjson.plain(envelope['value'])
        end
      end

      def data(text)
        Xjson.base64(text) || refuse(:data, found: Shown.value(text))
      end

      def headers(envelope)
        headers = envelope.fetch('h', {})
        refuse(:'headers-kind', found: Shown.value(headers)) unless headers.is_a?(Hash)
        headers.transform_values { |value| Xjson.untag(value, envelope) }
      end

      def id(envelope)
        return unless envelope.key?('id')

        id = envelope['id']
        id.is_a?(String) && ID_UNITS.cover?(Text.units(id)) ? id : refuse(:id, found: Shown.value(id))
      end

      def refuse(code, **slots)
        raise Refusals.refusal(code, **slots)
      end
    end
  end
end
