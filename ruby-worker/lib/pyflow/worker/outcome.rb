# frozen_string_literal: true

require 'logger'

require_relative '../codec'

module Pyflow
  class Worker
    # What came of performing an activity, as the one answer that its task gets.
    #
    # Each has `answer`, whether SWF took it; `word`, `error` and `severity` for the line in the log.
    module Outcome
      # The activity returned; result is a payload or nil.
      Completed = Struct.new(:result) do
        # @return [Boolean] whether SWF took the answer
        def answer(answers, task, timeout = nil)
          answers.complete(task, result, timeout:)
        end

        # @return [Integer] of the line in the log
        def severity
          Logger::INFO
        end

        # @return [String] what came of it, for the log
        def word
          'completed'
        end

        # @return [nil]
        def error; end
      end

      # The activity, or what is around it, raised.
      Failed = Struct.new(:failure) do
        # @return [Boolean] whether SWF took the answer
        def answer(answers, task, timeout = nil)
          answers.fail(task, failure, timeout:)
        end

        # @return [Integer] of the line in the log
        def severity
          failure.type.start_with?('pyflow.') ? Logger::ERROR : Logger::WARN
        end

        # @return [String] what came of it, for the log
        def word
          'failed'
        end

        # @return [String] type and message, for the log
        def error
          "#{failure.type}: #{failure.message.to_s.lines.first.to_s.strip}"
        end
      end

      # The activity stopped, as the decider had asked; details is a payload or nil.
      Canceled = Struct.new(:details) do
        # @return [Boolean] whether SWF took the answer
        def answer(answers, task, timeout = nil)
          answers.cancel(task, details, timeout:)
        end

        # @return [Integer] of the line in the log
        def severity
          Logger::INFO
        end

        # @return [String] what came of it, for the log
        def word
          'canceled'
        end

        # @return [nil]
        def error; end
      end

      # Nothing is answered: reason is `:deferred`, somebody else does; or why SWF has closed the task.
      Unanswered = Struct.new(:reason) do
        # @return [false]
        def answer(answers, task, _timeout = nil)
          reason == :deferred ? answers.defer(task) : answers.drop(task)
          false
        end

        # @return [Integer] of the line in the log
        def severity
          Logger::INFO
        end

        # @return [String] what came of it, for the log
        def word
          reason == :deferred ? 'left its answer to somebody else' : "dropped (#{reason})"
        end

        # @return [nil]
        def error; end
      end

      # @param type [String] one of the contract's reserved types
      # @return [Failed]
      def self.failed(type, message, non_retryable: false)
        Failed.new(Codec::Failure.new(type:, message:, language: 'ruby', non_retryable:))
      end

      # @return [Failed] of a task that this worker has no time for
      def self.shutdown
        failed('pyflow.WorkerShutdown', Codec::Refusals.sentence(:'worker-shutdown'))
      end

      # @return [Failed] of a task whose thread was ended
      def self.crashed
        failed('pyflow.WorkerCrashed', 'the thread that performed the activity was ended')
      end
    end
  end
end
