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

      # Thrown with what is wrong with a tag, by its code, and the object that it is in.
      Misfit = Struct.new(:code, :culprit, :slots)
      private_constant :Misfit

      # @param tree [Object] parsed JSON, read as plain: no tags
      # @return [Object] the same, a value of the model
      # @raise [PayloadDecodeError] for too many levels
      def self.plain(tree, depth = 0)
        case tree
        when Hash
          inner = deeper(depth)
          tree.each_value { |value| plain(value, inner) }
        when Array
          inner = deeper(depth)
          tree.each { |element| plain(element, inner) }
        end
        tree
      end

      # @param tree [Object] parsed JSON with tags
      # @param root [Object] the JSON that it stands in, to say where
      # @return [Object] a value of the model
      # @raise [PayloadDecodeError] for an unknown or malformed tag as well
      def self.untag(tree, root = tree)
        misfit = catch(:misfit) { return read(tree, 0) }
        where = Shown.place(Shown.path(root, misfit.culprit) || [])
        raise Refusals.refusal(misfit.code, where:, **misfit.slots)
      end

      # @param text [Object] base64 in the standard alphabet, padded
      # @return [String, nil] in BINARY; nil for another text
      def self.base64(text)
        bytes = text.unpack1('m0') if text.is_a?(String)
        bytes if bytes && [bytes].pack('m0') == text
      rescue ArgumentError
        nil
      end

      def self.read(tree, depth)
        case tree
        when Array
          inner = deeper(depth)
          tree.map { |element| read(element, inner) }
        when Hash
          name, content = tree.first
          return read_tag(name, content, depth, tree) if tree.size == 1 && name.start_with?('$')

          inner = deeper(depth)
          tree.transform_values { |value| read(value, inner) }
        else tree
        end
      end
      private_class_method :read

      def self.read_tag(name, content, depth, tag)
        case name
        when '$bytes' then base64(content) || misfit(:bytes, tag, content)
        when '$ts' then Timestamps.parse(content) || misfit(:timestamp, tag, content)
        when '$dec' then Decimals.parse(content) { |code| misfit(code, tag, content) }
        when '$float' then NON_FINITE.fetch(content) { misfit(:float, tag, content) }
        when '$map' then read_map(content, depth, tag)
        when '$lit' then read_literal(content, depth, tag)
        else throw :misfit, Misfit.new(:'tag-unknown', tag, { tag: Shown.value(name) })
        end
      end
      private_class_method :read_tag

      def self.read_map(pairs, depth, tag)
        misfit(:map, tag, pairs) unless pairs.is_a?(Array)
        inner = deeper(depth)
        pairs.each_with_object({}) do |pair, map|
          misfit(:map, tag, pair) unless pair.is_a?(Array) && pair.size == 2
          key = read(pair[0], inner)
          misfit(:'key-kind', tag, key) unless key.is_a?(String) || key.is_a?(Integer)
          throw :misfit, Misfit.new(:'key-twice', tag, { key: Shown.value(key) }) if map.key?(key)
          map[key] = read(pair[1], inner)
        end
      end
      private_class_method :read_map

      def self.read_literal(content, depth, tag)
        literal = content.is_a?(Hash) && content.size == 1 && content.first.first.start_with?('$')
        misfit(:literal, tag, content) unless literal
        inner = deeper(depth)
        content.transform_values { |value| read(value, inner) }
      end
      private_class_method :read_literal

      def self.deeper(depth)
        depth < Values::DEPTH ? depth + 1 : raise(Refusals.refusal(:depth))
      end
      private_class_method :deeper

      def self.misfit(code, tag, found)
        throw :misfit, Misfit.new(code, tag, { found: Shown.value(found) })
      end
      private_class_method :misfit
    end
  end
end
