# frozen_string_literal: true

require_relative 'backoff'
require_relative 'clock'
require_relative 'faults'
require_relative 'latch'

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
      # @param backoff [Backoff]
      def initialize(client:, codec:, logger:, backoff: Backoff.new)
        @client = client
        @codec = codec
        @logger = logger
        @backoff = backoff
        @hurry = Latch.new
        @lock = Mutex.new
        @counts = Hash.new(0)
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
        count(:abandoned) if failure.type == 'pyflow.WorkerShutdown'
        reason, details = @codec.encode_failure(failure)
        answer(task, :failed, timeout, reason:, details:)
      end

      # @param details [String, nil] a payload
      # @return [Boolean] whether SWF took it
      def cancel(task, details = nil, timeout: nil)
        answer(task, :canceled, timeout, details:)
      end

      # Leaves a task without an answer, as SWF has closed it.
      def drop(task)
        return unless task.claim

        count(:dropped)
        @logger.info { "#{task} is closed, nothing is answered" }
      end

      # From now on an answer is tried once.
      def hurry
        @hurry.set
      end

      # @return [Hash{Symbol => Integer}] answers by kind: `:completed`, `:failed`, `:canceled`,
      #   `:dropped` SWF had closed the task, `:lost` SWF could not be told; and `:abandoned`, of the failed ones
      #   those that the worker's end cut short
      def counts
        @lock.synchronize { @counts.dup.tap { |counts| counts.default = 0 } }
      end

      private

      def answer(task, kind, timeout, **members, &refused)
        return false unless task.claim

        deliver(task, kind, timeout, members.compact, &refused)
      end

      def deliver(task, kind, timeout, members)
        attempts(task, timeout) do
          @client.public_send(:"respond_activity_task_#{kind}", task_token: task.token, **members)
        end
        count(kind)
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

          @logger.warn { format('answer of %s failed, next in %.1f s: %s', task, pause, Faults.describe(e)) }
          @hurry.wait(pause)
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
        gone = Faults.unknown_resource?(error)
        count(gone ? :dropped : :lost)
        @logger.add(gone ? Logger::INFO : Logger::ERROR) do
          "#{task} was #{kind}, but SWF did not take the answer: #{Faults.describe(error)}"
        end
        false
      end

      def count(kind)
        @lock.synchronize { @counts[kind] += 1 }
      end
    end
  end
end
