# frozen_string_literal: true

require_relative '../clock'
require_relative 'health'
require_relative 'outcome'

module Pyflow
  class Worker
    # Runs the processors, each in a thread of its own; replaces one that dies, and brings them to an end.
    #
    # It ends in this order, so that no task is lost: no new polls; polls under way, as SWF may have given
    # them a task already, and activities, until the deadline; then activities are asked to stop; then
    # what is left is failed, retryable, on behalf of its thread.
    class Manager
      # Seconds for activities to stop in, once asked.
      GRACE = 5
      # The same when there is no time at all.
      HURRIED_GRACE = 1

      # @param shop [Processor::Shop]
      # @param concurrency [Integer] how many processors
      # @param on_failure [#call] told what made polling impossible
      def initialize(shop, concurrency:, on_failure:)
        @shop = shop
        @concurrency = concurrency
        @on_failure = on_failure
        @lock = Mutex.new
        @ended = ConditionVariable.new
        @processors = {}
        @deadline = nil
        @hurried = false
      end

      # Starts the threads.
      def start
        @concurrency.times { |number| @lock.synchronize { hire(number) } }
      end

      # Polls no more; activities and polls under way go on.
      def quiet
        @shop.poller.quiet
      end

      # @param timeout [Numeric] seconds for polls and activities under way to end in
      # @return [Boolean] whether all activities ended by themselves
      def stop(timeout)
        quiet
        @lock.synchronize { @deadline ||= CLOCK.call + timeout }
        await(-> { @processors.empty? }) { @deadline }
        close
        left = abandon
        !@shop.answers.cut_short? && left.zero?
      end

      # A stop under way is to end now.
      def hurry
        @lock.synchronize do
          @hurried = true
          @deadline = CLOCK.call
          @ended.broadcast
        end
      end

      # @return [Health::State]
      def state
        slots, busy = @lock.synchronize { [@concurrency, @processors.each_value.count(&:busy?)] }
        poller = @shop.poller
        Health::State.new(slots:, busy:, polled_at: poller.polled_at, asking_since: poller.asking_since,
                          draining: poller.quiet?)
      end

      # @return [Array<Thread>] those of the processors
      def threads
        @lock.synchronize { @processors.keys }
      end

      private

      def hire(number)
        processor = Processor.new(@shop)
        thread = Thread.new { employ(processor, number) }
        thread.name = "pyflow-#{number}"
        thread.report_on_exception = false
        @processors[thread] = processor
      end

      # Outlives its processor by a moment, whatever ended it, `Thread.exit` in an activity included.
      def employ(processor, number)
        @lock.synchronize { nil } # until hire has noted the thread
        done = false
        processor.run
        done = true
      rescue ConfigurationError => e
        done = true
        @on_failure.call(e)
      rescue Exception => e # rubocop:disable Lint/RescueException -- logged, and the slot is filled again
        @shop.logger.error { Log::Line.new('a processor died and is replaced', "#{e.class}: #{e.message}") }
      ensure
        leave(number, replace: !done)
      end

      def leave(number, replace:)
        @lock.synchronize do
          @processors.delete(Thread.current)
          hire(number) if replace && !@shop.poller.quiet?
          @ended.broadcast
        end
      end

      # Waits until it is over, or until the time that the block says, which may change.
      def await(over)
        @lock.synchronize do
          until over.call
            left = yield - CLOCK.call
            break if left <= 0

            @ended.wait(@lock, left)
          end
        end
      end

      def close
        remaining.each(&:close)
        busy = remaining.count(&:busy?)
        return if busy.zero?

        @shop.logger.warn { "no time left: #{busy} activities are asked to stop" }
        finish = CLOCK.call + GRACE
        await(-> { @processors.each_value.none?(&:busy?) }) { @hurried ? [finish, @deadline + HURRIED_GRACE].min : finish }
        @shop.answers.hurry
      end

      # Answers for the threads that did not end, and ends them.
      #
      # @return [Integer] how many had a task in hand
      def abandon
        busy, polling = remaining.partition(&:busy?)
        @shop.logger.warn { 'a poll under way is cut; SWF may have given it a task' } if polling.any?
        join(busy.map { |processor| Thread.new { processor.abandon } }, GRACE)
        join(threads.each(&:kill), HURRIED_GRACE)
        busy.size
      end

      def join(threads, seconds)
        finish = CLOCK.call + seconds
        threads.each { |thread| thread.join([finish - CLOCK.call, 0].max) }
      end

      def remaining
        @lock.synchronize { @processors.values }
      end
    end
  end
end
