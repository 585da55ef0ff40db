# frozen_string_literal: true

require_relative 'decimals'
require_relative 'json_text'
require_relative 'timestamps'

module Pyflow
  class Codec
    # Extended JSON: what JSON lacks is an object of one key that begins with `$` (protocol/value-model.md).
    module Xjson
      NON_FINITE = { 'NaN' => Float::NAN, 'Infinity' => Float::INFINITY, '-Infinity' => -Float::INFINITY }.freeze
      private_constant :NON_FINITE

      # @param value [Object] canonical, as {Values#canonical} gives it
      # @return [Object] the same as a JSON tree with tags
      def self.tag(value)
        case value
        when String then Values.bytes?(value) ? { '$bytes' => [value].pack('m0') } : value
        when Float then value.finite? ? value : { '$float' => NON_FINITE.key(value) || 'NaN' }
        when Time then { '$ts' => Timestamps.text(value) }
        when BigDecimal then { '$dec' => Decimals.readable(value) }
        when Array then value.map { |element| tag(element) }
        when Hash then tag_map(value)
        else value
        end
      end

      def self.tag_map(map)
        if map.each_key.all? { |key| key.is_a?(String) && !Values.bytes?(key) }
          members = map.transform_values { |element| tag(element) }
          return members unless members.size == 1 && members.first.first.start_with?('$')

          return { '$lit' => members }
        end
        { '$map' => map.map { |key, element| [tag(key), tag(element)] } }
      end
      private_class_method :tag_map

      # @param tree [Object] parsed JSON, read as plain: no tags
      # @return [Object] a value of the model
      # @raise [PayloadDecodeError] for a float beyond float64, or too many levels
      def self.plain(tree, depth = 0)
        case tree
        when Hash
          inner = deeper(depth)
          tree.transform_values { |value| plain(value, inner) }
        when Array
          inner = deeper(depth)
          tree.map { |element| plain(element, inner) }
        else tree
        end
      end

      # @param tree [Object] parsed JSON with tags
      # @return [Object] a value of the model
      # @raise [PayloadDecodeError] for an unknown or malformed tag as well
      def self.untag(tree, depth = 0)
        case tree
        when Array
          inner = deeper(depth)
          tree.map { |element| untag(element, inner) }
        when Hash
          name, content = tree.first
          return read_tag(name, content, depth) if tree.size == 1 && name.start_with?('$')

          inner = deeper(depth)
          tree.transform_values { |value| untag(value, inner) }
        else tree
        end
      end

      # @param text [Object] base64 in the standard alphabet, padded
      # @return [String] in BINARY
      # @raise [PayloadDecodeError]
      def self.base64(text)
        bytes = text.is_a?(String) ? text.unpack1('m0') : nil
        return bytes if bytes && [bytes].pack('m0') == text

        raise PayloadDecodeError, 'a payload has bytes that are not base64'
      rescue ArgumentError
        raise PayloadDecodeError, 'a payload has bytes that are not base64'
      end

      def self.read_tag(name, content, depth)
        case name
        when '$bytes' then base64(content)
        when '$ts' then Timestamps.parse(content)
        when '$dec' then Decimals.parse(content)
        when '$float' then NON_FINITE.fetch(content) { refuse('$float with something else than NaN or an infinity') }
        when '$map' then read_map(content, deeper(depth))
        when '$lit' then read_literal(content, deeper(depth))
        else refuse("the tag #{name[0, 40].inspect}, which the contract does not know")
        end
      end
      private_class_method :read_tag

      def self.read_map(pairs, depth)
        refuse('$map with something that is no array') unless pairs.is_a?(Array)
        pairs.each_with_object({}) do |pair, map|
          refuse('$map with an entry that is no pair') unless pair.is_a?(Array) && pair.size == 2
          key = untag(pair[0], depth)
          refuse('a map key that is neither text, integer nor bytes') unless key.is_a?(String) || key.is_a?(Integer)
          refuse('one key twice in a map') if map.key?(key)
          map[key] = untag(pair[1], depth)
        end
      end
      private_class_method :read_map

      def self.read_literal(content, depth)
        unless content.is_a?(Hash) && content.size == 1 && content.first.first.start_with?('$')
          refuse('$lit around something else than an object of one key that begins with $')
        end
        content.transform_values { |value| untag(value, depth) }
      end
      private_class_method :read_literal

      def self.deeper(depth)
        depth < Values::DEPTH ? depth + 1 : refuse("more than #{Values::DEPTH} levels of arrays and maps")
      end
      private_class_method :deeper

      def self.refuse(what)
        raise PayloadDecodeError, "a payload has #{what}"
      end
      private_class_method :refuse
    end
  end
end
