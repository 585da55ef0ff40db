# frozen_string_literal: true

require_relative 'backoff'
require_relative '../clock'
require_relative 'faults'
require_relative 'latch'
require_relative 'log'
require_relative 'metrics'

module Pyflow
  class Worker
    # Tells SWF what came of a task: once, and until SWF has heard it.
    #
    # A lost answer costs the work that was done, so throttling, faults of the service and of the network
    # are met with patience: until the task has surely timed out, or for ten minutes. A task that SWF
    # no longer knows is dropped and counted; it is never an error here.
    class Answers
      # Seconds an answer is tried for when the task's start-to-close timeout is not known.
      PATIENCE = 600

      # @param codec [Codec]
      # @param metrics [Metrics] which count what came of every task
      # @param backoff [Backoff]
      def initialize(client:, codec:, logger:, metrics: Metrics.new, backoff: Backoff.new)
        @client = client
        @codec = codec
        @logger = logger
        @metrics = metrics
        @backoff = backoff
        @hurry = Latch.new
        @cut_short = false
      end

      # @return [Boolean] whether a task was handed back, for want of time
      def cut_short?
        @cut_short
      end

      # @param result [String, nil] a payload
      # @return [Boolean] whether SWF took it
      def complete(task, result, timeout: nil)
        answer(task, :completed, timeout, result:) do |refusal|
          failure = Codec::Failure.new(type: 'pyflow.ResultEncodeError', non_retryable: true, message: refusal)
          reason, details = @codec.encode_failure(failure)
          deliver(task, :failed, timeout, { reason:, details: })
        end
      end

      # @param failure [Codec::Failure]
      # @return [Boolean] whether SWF took it
      def fail(task, failure, timeout: nil)
        reason, details = @codec.encode_failure(failure)
        handed_back = failure.type == 'pyflow.WorkerShutdown'
        @cut_short ||= handed_back
        answer(task, :failed, timeout, outcome: handed_back ? :handed_back : :failed, reason:, details:)
      end

      # @param details [String, nil] a payload
      # @return [Boolean] whether SWF took it
      def cancel(task, details = nil, timeout: nil)
        answer(task, :canceled, timeout, details:)
      end

      # Leaves a task without an answer, as SWF has closed it.
      def drop(task)
        return unless task.claim

        @metrics.task(task.name, :dropped)
        @logger.info { "#{task} is closed, nothing is answered" }
      end

      # From now on an answer is tried once.
      def hurry
        @hurry.set
      end

      # Leaves the answer of a task to somebody else.
      def defer(task)
        @metrics.task(task.name, :deferred) if task.claim
      end

      private

      def answer(task, kind, timeout, outcome: kind, **members, &refused)
        return false unless task.claim

        deliver(task, kind, timeout, members.compact, outcome:, &refused)
      end

      def deliver(task, kind, timeout, members, outcome: kind)
        attempts(task, timeout) do
          @client.public_send(:"respond_activity_task_#{kind}", task_token: task.token, **members)
        end
        @metrics.task(task.name, outcome)
        true
      rescue StandardError => e
        return yield(Faults.describe(e)) if block_given? && malformed?(e)

        give_up(task, kind, e)
      end

      def attempts(task, timeout)
        deadline = task.received_at + (timeout || PATIENCE)
        failures = 0
        begin
          yield
        rescue StandardError => e
          pause = @backoff.delay(failures += 1)
          raise if final?(e) || CLOCK.call + pause > deadline || @hurry.set?

          @logger.warn { Log::Line.new(format('answer of %s failed, next in %.1f s', task, pause), Faults.describe(e)) }
          @hurry.wait(pause)
          @metrics.retried
          retry
        end
      end

      def final?(error)
        Faults.unknown_resource?(error) || malformed?(error)
      end

      # The SDK's own checks raise ArgumentError.
      def malformed?(error)
        error.is_a?(ArgumentError) || Faults::MALFORMED.include?(Faults.code(error))
      end

      def give_up(task, kind, error)
        @metrics.task(task.name, :dropped)
        @logger.add(Faults.unknown_resource?(error) ? Logger::INFO : Logger::ERROR) do
          Log::Line.new("#{task} was #{kind}, but SWF did not take the answer", Faults.describe(error))
        end
        false
      end
    end
  end
end
