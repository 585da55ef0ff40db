# frozen_string_literal: true

require_relative 'performance'

module Pyflow
  class Worker
    # One slot: polls for a task, performs it, gives it its one answer, and again, until the poller is quiet.
    #
    # It knows nothing of how many processors there are. It ends when the poller is quiet, or with what
    # the poller raises; {Manager} replaces one that ends otherwise.
    class Processor
      # What all processors of a worker share.
      Shop = Struct.new(:poller, :roster, :answers, :heartbeats, :codec, :middleware, :logger, :metrics,
                        :domain, :task_list,
                        keyword_init: true)

      # @param shop [Shop]
      def initialize(shop)
        @shop = shop
        @closed = false
      end

      # Takes one task after another.
      def run
        step until @shop.poller.quiet?
      end

      # Polls once, and answers once if there was a task.
      #
      # @return [Boolean] whether there was
      def step
        @task = @shop.poller.next
        Log.about(@task) { attend(@task) } if @task
        !@task.nil?
      end

      # @return [Boolean] whether a task is in its hands
      def busy?
        !@task.nil?
      end

      # Asks the activity under way to stop. A task that a poll still brings is failed at once, so that SWF can
      # give it to another worker.
      def close
        @closed = true
        @performance&.cancellation&.request(:worker_shutdown)
      end

      # Answers the task in hand, unless somebody has; what the activity still returns is then dropped.
      #
      # @param outcome [Outcome]
      # @return [Boolean] whether the task was answered so
      def abandon(outcome = Outcome.shutdown)
        task = @task
        return false if task.nil? || task.claimed?

        Log.about(task) { @shop.logger.error { Log::Line.new("#{task} #{outcome.word}", outcome.error) } }
        outcome.answer(@shop.answers, task)
      end

      private

      def attend(task)
        perform(task)
      ensure
        abandon(Outcome.crashed)
        @task = @performance = nil
      end

      def perform(task)
        entry = @shop.roster[task.key]
        return settle(task, unknown(task)) unless entry

        @performance = Performance.new(@shop, entry, task)
        return settle(task, Outcome.shutdown) if @closed

        outcome = @performance.outcome
        settle(task, outcome, @performance.timeout(:start_to_close_timeout))
      end

      def settle(task, outcome, timeout = nil)
        seconds = CLOCK.call - task.received_at
        @shop.metrics.performed(task.name, seconds) if @performance
        @shop.logger.add(outcome.severity) do
          text = format('%s %s in %.3f s', task, outcome.word, seconds)
          outcome.error ? Log::Line.new(text, outcome.error) : text
        end
        outcome.answer(@shop.answers, task, timeout)
      end

      def unknown(task)
        activity = "#{task.name} #{task.version}"
        Outcome.failed('pyflow.UnknownActivityType',
                       Codec::Refusals.sentence(:'activity-unknown', activity:, known: @shop.roster))
      end
    end
  end
end
