# frozen_string_literal: true

require_relative 'amount'
require_relative 'failure'
require_relative 'json_text'
require_relative 'xjson'

module Pyflow
  class Codec
    # Reads SWF's reason and details as a failure, whoever wrote them (protocol/failure.md, "Reading"). The class
    # that a document names is never built.
    class FailureReader
      # @param transforms [Transforms] the codecs that are configured here
      def initialize(transforms = Transforms.new({}))
        @transforms = transforms
      end

      # @param reason [String, nil]
      # @param details [String, nil]
      # @return [Failure] what the document says; of foreign text, type is the reason and message the details
      # @raise [UnknownCodec] the only refusal there is
      def read(reason, details)
        document = details.to_s.empty? ? nil : document_in(JsonText.parse(details))
        document.is_a?(Hash) ? failure(document) : foreign(reason, details)
      rescue PayloadDecodeError
        foreign(reason, details)
      end

      private

      def document_in(envelope)
        return unless envelope.is_a?(Hash) && envelope[KEY].equal?(VERSION)
        return unless %w[value data ref failure].one? { |holder| envelope.key?(holder) }
        return envelope['failure'] if envelope.key?('failure')

        encoded(envelope) if envelope['enc'] == 'failure' && envelope.key?('data')
      end

      def encoded(envelope)
        names = envelope.fetch('codecs', [])
        return unless names.is_a?(Array) && names.all?(String)

        data = Xjson.base64(envelope['data'])
        return unless data

        bytes = Amount.check('failure', @transforms.undo(data, names))
        JsonText.parse(bytes.force_encoding(Encoding::UTF_8))
      end

      def foreign(reason, details)
        Failure.new(type: reason.to_s, message: details.to_s, stack: [])
      end

      def failure(document)
        Failure.new(
          type: text(document['type'], 'type'), message: text(document.fetch('message', ''), 'message'),
          language: document['language'].then { |name| name if name.is_a?(String) },
          class_name: document['class'].then { |name| name if name.is_a?(String) },
          stack: document['stack'].then { |lines| lines.is_a?(Array) && lines.all?(String) ? lines : [] },
          non_retryable: document['non_retryable'] == true || nil, retry_after: seconds(document['retry_after']),
          details: Xjson.untag(document['details']), cause: cause(document['cause'])
        )
      end

      def cause(document)
        return if document.nil?
        raise PayloadDecodeError, 'a failure has a cause that is no object' unless document.is_a?(Hash)

        failure(document)
      end

      def text(value, name)
        value.is_a?(String) ? value : raise(PayloadDecodeError, "a failure has a #{name} that is no text")
      end

      def seconds(value)
        value if value.is_a?(Numeric) && value.between?(0, Failure::LONGEST_WAIT)
      end
    end
  end
end
