# frozen_string_literal: true

module Pyflow
  class Worker
    # Something that happens at most once, and that threads may wait for.
    class Latch
      def initialize
        @lock = Mutex.new
        @changed = ConditionVariable.new
        @set = false
      end

      # @return [Boolean] whether it has happened
      def set?
        @set
      end

      # Lets it happen, and wakes those who wait.
      def set
        @lock.synchronize do
          @set = true
          @changed.broadcast
        end
      end

      # @param seconds [Numeric] how long to wait at most
      # @return [Boolean] whether it has happened
      def wait(seconds)
        deadline = CLOCK.call + seconds
        @lock.synchronize do
          while !@set && (left = deadline - CLOCK.call).positive?
            @changed.wait(@lock, left)
          end
          @set
        end
      end
    end
  end
end
