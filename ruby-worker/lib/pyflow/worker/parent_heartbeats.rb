# frozen_string_literal: true

module Pyflow
  class Worker
    # The heartbeats of a child, which its parent sends: there, no activity keeps Ruby's one running thread.
    #
    # What the activities say often is told with the newest details only, some times a second.
    class ParentHeartbeats
      # Seconds between two rounds of details.
      PAUSE = 0.05

      # @yieldparam message [Hash{Symbol => Object}] for the parent: `watch`, `beat` or `done`
      def initialize(&tell)
        @tell = tell
        @lock = Mutex.new
        @changed = ConditionVariable.new
        @watched = {}
        @details = {}
        @count = 0
      end

      # Starts the thread that tells details.
      def start
        @thread = Thread.new { tell_details while wait }
        @thread.name = 'pyflow-details'
      end

      # Ends it.
      def stop
        @lock.synchronize do
          @stopped = true
          @changed.signal
        end
        @thread&.join
      end

      # As {Heartbeats#watch}.
      def watch(task, cancellation, timeout:, auto:)
        number = @lock.synchronize { (@count += 1).tap { |count| @watched[count] = [cancellation, timeout] } }
        @tell.call(watch: [number, Child::FACTS.map { |fact| task.public_send(fact) }, timeout, auto])
        yield ->(details) { record(number, details) }
      ensure
        @lock.synchronize { [@watched, @details].each { |all| all.delete(number) } }
        @tell.call(done: number)
      end

      # The parent has heard that an activity should stop.
      #
      # @param number [Integer]
      # @param reason [Symbol]
      def cancel(number, reason)
        @lock.synchronize { @watched[number] }&.first&.request(reason)
      end

      # The parent is gone: nobody beats any more for tasks that time out without.
      def orphaned
        @lock.synchronize { @watched.values }.each do |cancellation, timeout|
          cancellation.request(:heartbeat_lost) if timeout
        end
      end

      private

      def record(number, details)
        @lock.synchronize do
          @details[number] = details
          @changed.signal
        end
      end

      # @return [Boolean] whether there is something to tell, and not the end
      def wait
        @lock.synchronize do
          @changed.wait(@lock) while @details.empty? && !@stopped
          !@stopped
        end
      end

      def tell_details
        newest = @lock.synchronize { @details.tap { @details = {} } }
        newest.each { |beat| @tell.call(beat:) }
        sleep(PAUSE)
      end
    end
  end
end
