# frozen_string_literal: true

require_relative 'failure'
require_relative 'transforms'
require_relative 'xjson'

module Pyflow
  class Codec
    # A failure as SWF's reason and details, cut by the contract's ladder until it fits; and read again.
    module FailureDocument
      REASON = 256
      LIMIT = 32_768
      CLASS_NAME = 256
      CONTROLS = /[\u0000-\u001f\u007f-\u009f]/

      # Units of a message, units of a stack, causes, whether details are kept
      LADDER = [
        [8192, 16_384, 10, true], [4096, 8192, 5, true], [4096, 4096, 3, false], [1024, 0, 0, false], [256, 0, 0, false]
      ].freeze
      # Units set aside in a stack for the line that says how many frames are left out.
      OMISSION = 32
      private_constant :CONTROLS, :OMISSION

      # @param failure [Failure]
      # @param include_stack [Boolean]
      # @return [Array(String, String)] reason and details
      def self.write(failure, include_stack: true)
        details = nil
        LADDER.each do |step|
          document = { '$pyflow' => 1, 'failure' => document(failure, step, 0, include_stack) }
          details = JsonText.printable(JsonText.generate(document))
          break if Text.units(details) <= LIMIT
        end
        [type_of(failure), details]
      end

      # @param reason [String, nil]
      # @param details [String, nil]
      # @param transforms [Transforms] the codecs that are configured here
      # @return [Failure] what the document says; of foreign text, type is the reason and message the details
      # @raise [UnknownCodec] the only refusal there is
      def self.read(reason, details, transforms = Transforms.new({}))
        envelope = details.to_s.empty? ? nil : JsonText.parse(details)
        document = document_in(envelope, transforms)
        document.is_a?(Hash) ? failure(document) : foreign(reason, details)
      rescue UnknownCodec
        raise
      rescue PayloadError, SystemStackError
        foreign(reason, details)
      end

      def self.document_in(envelope, transforms)
        return unless envelope.is_a?(Hash) && envelope['$pyflow'].equal?(1)
        return if %w[value data ref failure].one? { |holder| envelope.key?(holder) } == false
        return envelope['failure'] if envelope.key?('failure')
        return unless envelope['enc'] == 'failure' && envelope.key?('data')

        names = envelope.fetch('codecs', [])
        return unless names.is_a?(Array) && names.all?(String)

        bytes = transforms.undo(Xjson.base64(envelope['data']), names)
        JsonText.parse(bytes.force_encoding(Encoding::UTF_8))
      end
      private_class_method :document_in

      def self.foreign(reason, details)
        Failure.new(type: reason.to_s, message: details.to_s, stack: [])
      end
      private_class_method :foreign

      # Cut without an ellipsis: readers match on it.
      def self.type_of(failure)
        type = Text.scrub(failure.type).gsub(CONTROLS, ' ')[0, REASON]
        type = type[0..-2] while Text.units(type) > REASON
        type
      end
      private_class_method :type_of

      def self.document(failure, step, depth, include_stack)
        messages, stacks, causes, keep = step
        document = { 'type' => type_of(failure), 'message' => message(failure, messages >> depth) }
        document['language'] = Text.scrub(failure.language) if failure.language
        document['class'] = Text.cut(Text.scrub(failure.class_name), CLASS_NAME) if failure.class_name
        stack = include_stack ? stack(failure.stack, stacks >> depth) : []
        document['stack'] = stack if stack.any?
        document['non_retryable'] = true if failure.non_retryable
        document['retry_after'] = failure.retry_after if failure.retry_after
        add_details(document, failure, keep)
        add_cause(document, failure, step, depth, include_stack) if failure.cause
        document['cause_omitted'] = true if failure.cause && depth >= causes
        document
      end
      private_class_method :document

      def self.add_details(document, failure, keep)
        if failure.details_omitted || (!failure.details.nil? && !keep)
          document['details_omitted'] = true
        elsif !failure.details.nil?
          document['details'] = Xjson.tag(Values.new('details').canonical(failure.details))
        end
      rescue PayloadEncodeError
        document['details_omitted'] = true
      end
      private_class_method :add_details

      def self.add_cause(document, failure, step, depth, include_stack)
        document['cause'] = document(failure.cause, step, depth + 1, include_stack) if depth < step[2]
      end
      private_class_method :add_cause

      def self.message(failure, limit)
        limit.positive? ? Text.cut(Text.scrub(failure.message), limit) : ''
      end
      private_class_method :message

      def self.stack(lines, limit)
        return [] unless limit.positive?

        lines = (lines || []).map { |line| Text.scrub(line) }
        costs = lines.map { |line| Text.units(line) + 1 }
        costs.sum <= limit ? lines : shortened(lines, costs, limit - OMISSION)
      end
      private_class_method :stack

      # Two lines from the innermost end, one from the outermost, and so on, up to the first that does not fit.
      def self.shortened(lines, costs, room)
        inner = outer = 0
        [true, true, false].cycle do |innermost|
          index = innermost ? inner : lines.size - 1 - outer
          break if inner + outer >= lines.size || costs[index] > room

          room -= costs[index]
          innermost ? inner += 1 : outer += 1
        end
        omitted = lines.size - inner - outer
        lines.first(inner) + ["... #{omitted} frames omitted ..."] + lines.last(outer)
      end
      private_class_method :shortened

      def self.failure(document)
        type = document['type']
        message = document.fetch('message', '')
        raise PayloadDecodeError, 'a failure has no type' unless type.is_a?(String)
        raise PayloadDecodeError, 'a failure has a message that is no text' unless message.is_a?(String)

        stack = document['stack']
        Failure.new(
          type:, message:, language: text(document['language']), class_name: text(document['class']),
          stack: stack.is_a?(Array) && stack.all?(String) ? stack.to_a : [],
          non_retryable: document['non_retryable'] == true ? true : nil,
          retry_after: seconds(document['retry_after']),
          details: Xjson.untag(document['details']), cause: cause(document['cause'])
        )
      end
      private_class_method :failure

      def self.cause(document)
        return if document.nil?
        raise PayloadDecodeError, 'a failure has a cause that is no object' unless document.is_a?(Hash)

        failure(document)
      end
      private_class_method :cause

      def self.seconds(value)
        value if value.is_a?(Numeric) && !value.negative?
      end
      private_class_method :seconds

      def self.text(value)
        value if value.is_a?(String)
      end
      private_class_method :text
    end
  end
end
