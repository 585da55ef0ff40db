# frozen_string_literal: true

require_relative 'text'
require_relative 'values'

module Pyflow
  class Codec
    # What went wrong, in any language (protocol/failure.md).
    #
    # type: made to be matched; message: for people; stack: lines, innermost first; details: a value of the
    # contract; cause: the Failure behind this one. All but type and message may be nil; details_omitted says
    # that details were there and could not be told.
    Failure = Struct.new(:type, :message, :language, :class_name, :stack, :non_retryable, :retry_after, :details,
                         :cause, :details_omitted, keyword_init: true) do
      # @param error [Exception]
      # @return [Failure] of it and of its causes; a chain that comes back to itself ends there
      def self.of(error)
        chain = [error]
        while (cause = chain.last.cause) && chain.size < self::CHAIN && chain.none? { |known| known.equal?(cause) }
          chain << cause
        end
        chain.reverse.inject(nil) { |failure, link| new(**facts(link), cause: failure) }
      end

      # @param error [Exception]
      # @return [String] the type of that failure alone
      def self.type_of(error)
        error.is_a?(ApplicationError) ? error.type : class_name(error)
      end

      # @api private
      def self.facts(error)
        name = class_name(error)
        facts = { type: name, message: message_of(error), language: 'ruby', class_name: name, stack: stack_of(error) }
        return facts unless error.is_a?(ApplicationError)

        facts.merge(type: error.type, non_retryable: error.non_retryable? || nil, retry_after: error.retry_after,
                    **details_of(error))
      end

      # Of a class without a name, the nearest superclass's that has one.
      def self.class_name(error)
        error.class.ancestors.find { |ancestor| ancestor.is_a?(Class) && ancestor.name }.name
      end

      # A user's `message` may itself raise.
      def self.message_of(error)
        Text.scrub(error.message)
      rescue StandardError => e
        "its message can't be had: it raised #{e.class}"
      end

      # Without the frames that are the worker's, which say nothing to the activity's author.
      def self.stack_of(error)
        lines = error.backtrace || []
        outer = lines.reverse_each.take_while { |line| line.start_with?(self::OWN_FRAMES) || line.include?('<internal:') }
        outer.size == lines.size ? lines : lines[0, lines.size - outer.size]
      end

      def self.details_of(error)
        { details: Values.new('details').canonical(error.details) }
      rescue PayloadEncodeError
        { details_omitted: true }
      end
      private_class_method :facts, :class_name, :message_of, :stack_of, :details_of
    end

    # An error, as many causes as the ladder ever keeps, and one more, so that it says so.
    Failure::CHAIN = 12
    # Seconds that a failure may ask to wait.
    Failure::LONGEST_WAIT = 1_000_000_000
    # Where the worker's own code lies.
    Failure::OWN_FRAMES = File.expand_path('..', __dir__)
  end
end
