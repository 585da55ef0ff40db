# frozen_string_literal: true

require_relative 'text'
require_relative 'values'

module Pyflow
  class Codec
    # What went wrong, in any language (protocol/failure.md). type is made to be matched, message is for people.
    Failure = Struct.new(:type, :message, :language, :class_name, :stack, :non_retryable, :retry_after, :details,
                         :cause, :details_omitted, keyword_init: true) do
      # @param error [Exception]
      # @return [Failure] of it and of its causes; a chain that comes back to itself ends there
      def self.of(error, seen = [])
        application = error.is_a?(ApplicationError)
        details, omitted = application ? details_of(error) : [nil, nil]
        cause = error.cause
        seen += [error]
        new(type: application ? error.type : error.class.to_s, message: message_of(error), language: 'ruby',
            class_name: error.class.to_s, stack: error.backtrace || [], details:, details_omitted: omitted,
            non_retryable: application && error.non_retryable? ? true : nil,
            retry_after: application ? error.retry_after : nil,
            cause: cause && seen.none? { |known| known.equal?(cause) } ? of(cause, seen) : nil)
      end

      # A user's `message` may itself raise.
      def self.message_of(error)
        Text.scrub(error.message)
      rescue StandardError
        "an error whose message can't be had"
      end

      def self.details_of(error)
        [Values.new('details').canonical(error.details), nil]
      rescue PayloadEncodeError
        [nil, true]
      end
      private_class_method :message_of, :details_of
    end
  end
end
