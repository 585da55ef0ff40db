# frozen_string_literal: true

require_relative '../errors'

module Pyflow
  class Activity
    # What an input should look like, and the value that comes of one that does. A shape is
    #
    # - a Struct or Data class: a map with its members becomes one, and what else the map has is ignored, as it may come
    #   of a newer workflow. All members must be there, or those that the class's own `initialize` has no default for; its
    #   class method `types`, if it has one, gives shapes of members by name;
    # - an array of one shape: a list of such; of several, the first that fits: `[Order, nil]`, `[true, false]`;
    # - a hash: a map that has these keys with these shapes, and perhaps more;
    # - anything else: what it is `===` to, such as `String`, `1..12`, `/\A\d+\z/`; for `Float` an integer becomes one.
    #
    # Each check raises {InputMismatch} with the path.
    module Shape
      module_function

      # @param shape [Object]
      # @param value [Object] decoded
      # @param path [String] of the value
      # @return [Object]
      # @raise [InputMismatch]
      def fit(shape, value, path = '$')
        case shape
        when Array then shape.size == 1 ? list(shape.first, value, path) : one_of(shape, value, path)
        when Hash then map(shape, value, path)
        else record?(shape) ? record(shape, value, path) : leaf(shape, value, path)
        end
      end

      # @param shape [Object]
      # @return [Boolean] whether it is a Struct or Data class
      def record?(shape)
        shape.is_a?(Class) && shape.respond_to?(:members)
      end

      # @!visibility private
      def list(shape, value, path)
        refuse(value, path, 'an array') unless value.is_a?(Array)
        value.each_with_index.map { |element, index| fit(shape, element, "#{path}[#{index}]") }
      end

      # @!visibility private
      def one_of(shapes, value, path)
        shapes.each do |shape|
          return fit(shape, value, path)
        rescue InputMismatch
          next
        end
        refuse(value, path, "one of #{shapes.map(&:inspect).join(', ')}")
      end

      # @!visibility private
      def map(shapes, value, path)
        check_names(value, path, required: shapes.keys.map(&:to_s))
        members(shapes, value, path)
      end

      # @!visibility private
      def record(type, value, path)
        names = type.members.map(&:name)
        check_names(value, path, required: names & required(type))
        shapes = type.respond_to?(:types) ? type.types : {}
        values = members(shapes, value.slice(*names), path).transform_keys(&:to_sym)
        by_position?(type) ? type.new(*values.values_at(*type.members)) : type.new(**values)
      end

      # @!visibility private
      def members(shapes, value, path)
        shapes = shapes.transform_keys(&:to_s)
        value.to_h { |name, member| [name, shapes.key?(name) ? fit(shapes[name], member, "#{path}.#{name}") : member] }
      end

      # @!visibility private
      def required(type)
        keywords = type.instance_method(:initialize).parameters.select { |kind, _| %i[key keyreq].include?(kind) }
        return type.members.map(&:name) if keywords.empty?

        keywords.filter_map { |kind, name| name.name if kind == :keyreq }
      end

      # @!visibility private
      def by_position?(type)
        type.respond_to?(:keyword_init?) && !type.keyword_init?
      end

      # @!visibility private
      def check_names(value, path, required:)
        refuse(value, path, 'a map') unless value.is_a?(Hash)
        missing = required - value.keys
        raise InputMismatch, "#{path} lacks #{missing.join(', ')}" if missing.any?
      end

      # @!visibility private
      def leaf(shape, value, path)
        return value.to_f if shape == Float && value.is_a?(Integer)

        shape === value ? value : refuse(value, path, shape.inspect) # rubocop:disable Style/CaseEquality -- that is the rule
      end

      # @!visibility private
      def refuse(value, path, wanted)
        shown = value.inspect
        raise InputMismatch, "#{path} is #{shown.length > 60 ? "#{shown[0, 59]}…" : shown}, not #{wanted}"
      end

      private_class_method :list, :one_of, :map, :record, :members, :required, :by_position?, :check_names, :leaf, :refuse
    end
  end
end
