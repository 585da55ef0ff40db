# frozen_string_literal: true

module Pyflow
  module SWF
    # Turns the tables of {Model} into the shapes that the AWS SDK's core works with.
    #
    # The core is given what its own generated clients give it, so that parameter checks, the JSON
    # protocol, stubs and signatures are the SDK's and not ours.
    module Api
      SHAPES = Seahorse::Model::Shapes
      private_constant :SHAPES

      SCALARS = {
        string: SHAPES::StringShape, integer: SHAPES::IntegerShape, boolean: SHAPES::BooleanShape
      }.freeze
      private_constant :SCALARS

      # @param structures [Hash{Symbol => Hash{Symbol => Symbol}}] see {Model::STRUCTURES}
      # @param operations [Hash{Symbol => Array<Symbol>}] see {Model::OPERATIONS}
      # @return [Seahorse::Model::Api]
      def self.build(structures, operations)
        shapes = shapes_of(structures)
        Seahorse::Model::Api.new.tap do |api|
          api.version = Model::METADATA.fetch('apiVersion')
          api.metadata = Model::METADATA
          operations.each do |name, (input, output)|
            api.add_operation(name, operation(name, shapes.fetch(input), output && shapes.fetch(output)))
          end
        end
      end

      def self.shapes_of(structures)
        shapes = SCALARS.to_h { |type, shape| [type, shape.new(name: type.to_s)] }
        structures.each_key { |name| shapes[name] = SHAPES::StructureShape.new(name: name.to_s) }
        structures.each { |name, members| fill(shapes[name], members, shapes) }
        shapes
      end
      private_class_method :shapes_of

      def self.fill(shape, members, shapes)
        names = members.keys.map { |member| member.to_s.delete_suffix('!').to_sym }
        members.each_pair.zip(names) do |(member, type), name|
          shape.add_member(name, reference(shapes.fetch(type), lower_camel(name), member.end_with?('!')))
        end
        shape.struct_class = Struct.new(*names, keyword_init: true) { include Aws::Structure }
      end
      private_class_method :fill

      def self.operation(name, input, output)
        Seahorse::Model::Operation.new.tap do |operation|
          operation.name = lower_camel(name).sub(/\A./, &:upcase)
          operation.input = SHAPES::ShapeRef.new(shape: input)
          operation.output = SHAPES::ShapeRef.new(shape: output || empty)
        end
      end
      private_class_method :operation

      def self.reference(shape, location_name, required)
        SHAPES::ShapeRef.new(shape:, location_name:, required:)
      end
      private_class_method :reference

      def self.empty
        SHAPES::StructureShape.new(struct_class: Aws::EmptyStructure)
      end
      private_class_method :empty

      def self.lower_camel(name)
        name.to_s.gsub(/_(\w)/) { Regexp.last_match(1).upcase }
      end
      private_class_method :lower_camel
    end
  end
end
