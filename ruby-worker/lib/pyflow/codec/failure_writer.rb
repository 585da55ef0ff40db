# frozen_string_literal: true

require_relative 'failure'
require_relative 'json_text'
require_relative 'text'
require_relative 'transforms'
require_relative 'xjson'

module Pyflow
  class Codec
    # Writes a failure as SWF's reason and details, cut by the contract's ladder until it fits
    # (protocol/failure.md, "Writing" and "The ladder"). It never refuses one.
    class FailureWriter
      # Units of a reason.
      REASON_LIMIT = 256
      # Units of a class.
      CLASS_LIMIT = 256
      # Units of a message, units of a stack, causes, whether details are kept.
      Step = Struct.new(:message, :stack, :causes, :details)
      LADDER = [
        Step.new(8192, 16_384, 10, true), Step.new(4096, 8192, 5, true), Step.new(4096, 4096, 3, false),
        Step.new(1024, 0, 0, false), Step.new(256, 0, 0, false)
      ].freeze
      # Units set aside in a stack for the line that says how many frames are left out.
      OMISSION = 32
      CONTROLS = /[\u0000-\u001f\u007f-\u009f]/
      private_constant :Step, :LADDER, :OMISSION, :CONTROLS

      # @param include_stack [Boolean]
      # @param transforms [Transforms] the codecs to apply
      def initialize(include_stack: true, transforms: Transforms.new({}))
        @include_stack = include_stack
        @transforms = transforms
      end

      # @param failure [Failure]
      # @return [Array(String, String)] reason and details
      def write(failure)
        clean = clean(failure, LADDER.first.causes)
        details = nil
        LADDER.each do |step|
          details = text(document(clean, step, 0))
          break if Text.units(details) <= LIMIT
        end
        [clean.type, details]
      end

      private

      def text(document)
        names = @transforms.names
        return JsonText.printable(JsonText.generate({ KEY => VERSION, 'failure' => document })) if names.empty?

        data = [@transforms.apply(JsonText.generate(document).b)].pack('m0')
        JsonText.generate({ KEY => VERSION, 'enc' => 'failure', 'codecs' => names, 'data' => data })
      end

      # The failure with texts that are texts, and details as xjson; done once for all steps.
      def clean(failure, causes)
        copy = failure.dup
        copy.type = Text.head(Text.scrub(failure.type).gsub(CONTROLS, ' '), REASON_LIMIT)
        copy.message = Text.scrub(failure.message)
        copy.language &&= Text.head(Text.scrub(failure.language), CLASS_LIMIT)
        copy.class_name &&= Text.cut(Text.scrub(failure.class_name), CLASS_LIMIT)
        copy.stack = @include_stack ? (failure.stack || []).map { |line| Text.scrub(line) } : []
        copy.retry_after = seconds(failure.retry_after)
        clean_details(copy)
        copy.cause &&= clean(failure.cause, causes - 1) if causes.positive?
        copy
      end

      def clean_details(copy)
        copy.details = Xjson.tag(Values.new('details').canonical(copy.details))
      rescue PayloadEncodeError
        copy.details = nil
        copy.details_omitted = true
      end

      def seconds(value)
        return if value.nil?

        value = Float(value) unless value.is_a?(Integer)
        value if value.between?(0, Failure::LONGEST_WAIT)
      rescue TypeError, ArgumentError
        nil
      end

      def document(failure, step, depth)
        { 'type' => failure.type, 'message' => message(failure.message, step.message >> depth),
          'language' => failure.language, 'class' => failure.class_name,
          'stack' => stack(failure.stack, step.stack >> depth), 'non_retryable' => failure.non_retryable || nil,
          'retry_after' => failure.retry_after, **details(failure, step), **cause(failure, step, depth) }.compact
      end

      def message(text, limit)
        limit.positive? ? Text.cut(text, limit) : ''
      end

      def details(failure, step)
        return { 'details' => failure.details } if step.details && !failure.details_omitted

        { 'details_omitted' => (failure.details_omitted || !failure.details.nil?) || nil }
      end

      def cause(failure, step, depth)
        return {} unless failure.cause

        depth < step.causes ? { 'cause' => document(failure.cause, step, depth + 1) } : { 'cause_omitted' => true }
      end

      def stack(lines, limit)
        return if lines.empty? || !limit.positive?

        costs = lines.map { |line| Text.units(line) + 1 }
        costs.sum <= limit ? lines : shortened(lines, costs, limit - OMISSION)
      end

      # Two lines from the innermost end, one from the outermost, and so on, up to the first that does not fit.
      def shortened(lines, costs, room)
        inner = outer = 0
        [true, true, false].cycle do |innermost|
          index = innermost ? inner : lines.size - 1 - outer
          break if inner + outer >= lines.size || costs[index] > room

          room -= costs[index]
          innermost ? inner += 1 : outer += 1
        end
        lines.first(inner) + ["... #{lines.size - inner - outer} frames omitted ..."] + lines.last(outer)
      end
    end
  end
end
