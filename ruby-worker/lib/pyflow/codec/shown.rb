# frozen_string_literal: true

require 'bigdecimal'

require_relative 'text'

module Pyflow
  class Codec
    # How a refusal shows what it is about: a value, and where that stands (protocol/refusals.md).
    module Shown
      # Units of a value.
      VALUE = 40
      # Units of a path.
      PATH = 100
      NAME = /\A[A-Za-z_$][A-Za-z0-9_$]*\z/
      ESCAPED = /["\\\u0000-\u001f\u007f-\u00a0\u2028\u2029\ufeff]/
      private_constant :VALUE, :PATH, :NAME, :ESCAPED

      # @param value [Object] of the model, or a tree of JSON
      # @return [String] short, and the same in every language
      def self.value(value)
        case value
        when nil then 'null'
        when Integer then Text.cut(value.to_s, VALUE)
        when String, Symbol then string(value.to_s)
        when Float then 'a float'
        when Time then 'a timestamp'
        when BigDecimal then 'a decimal'
        when Array then "an array of #{value.size}"
        when Hash then "a map of #{value.size}"
        when true, false then value.to_s
        else value.class.to_s
        end
      end

      # @param text [String]
      # @return [String] in quotes and on one line, cut before it is escaped
      def self.quoted(text, limit = VALUE)
        cut = Text.cut(Text.scrub(text), limit)
        "\"#{cut.gsub(ESCAPED) { |char| %w[" \\].include?(char) ? "\\#{char}" : format('\u%04x', char.ord) }}\""
      end

      # @param index [Integer] characters before it
      # @return [String] where something is in a text of JSON
      def self.character(index)
        "at character #{index + 1}"
      end

      # @param index [Integer] bytes before it
      # @return [String] where something is in bytes
      def self.byte(index)
        "at byte #{index + 1}"
      end

      # @param path [Array<Object>] keys and indices
      # @return [String] where something is in a value, as `at $.items[3]["first name"]`
      def self.place(path)
        steps = path.map { |step| NAME.match?(step.to_s) && !step.is_a?(Integer) ? ".#{step}" : "[#{value(step)}]" }
        "at #{Text.cut("$#{steps.join}", PATH)}"
      end

      # @param root [Object] a tree of JSON
      # @param sought [Object] a container in it
      # @return [Array<Object>, nil] the steps to it
      def self.path(root, sought)
        return [] if root.equal?(sought)

        each_item(root) do |step, item|
          below = path(item, sought)
          return [step, *below] if below
        end
        nil
      end

      # @param names [Array<String>]
      # @return [String] in order; `none` for nothing
      def self.known(names)
        names.empty? ? 'none' : names.sort.join(', ')
      end

      def self.each_item(tree, &block)
        case tree
        when Hash then tree.each(&block)
        when Array then tree.each_with_index { |item, index| block.call(index, item) }
        end
      end
      private_class_method :each_item

      def self.string(text)
        return quoted(text) unless text.encoding == Encoding::BINARY

        Text.cut("0x#{text.byteslice(0, VALUE).unpack1('H*')}", VALUE)
      end
      private_class_method :string
    end
  end
end
