# frozen_string_literal: true

require_relative '../clock'
require_relative '../errors'

module Pyflow
  class Activity
    # Whether, and why, an activity should stop. Set at most once, from another thread.
    #
    # Reasons: `:requested` the decider asked; `:gone` the task is closed, or its workflow execution is;
    # `:heartbeat_lost` SWF could not be told in time that the activity lives; `:worker_shutdown` the
    # worker has no time left.
    class Cancellation
      # @return [Symbol, nil]
      attr_reader :reason

      def initialize
        @lock = Mutex.new
        @changed = ConditionVariable.new
        @callbacks = []
      end

      # @return [Boolean]
      def canceled?
        !reason.nil?
      end

      # @raise [ActivityCanceled] once the activity should stop
      def check!
        raise ActivityCanceled, reason if canceled?
      end

      # Waits until the activity should stop.
      #
      # @param timeout [Numeric, nil] seconds; for ever without it
      # @return [Boolean] whether it should
      def wait(timeout = nil)
        deadline = timeout && (CLOCK.call + timeout)
        @lock.synchronize do
          until canceled?
            left = deadline && (deadline - CLOCK.call)
            break if left && left <= 0

            @changed.wait(@lock, left)
          end
        end
        canceled?
      end

      # Runs the block once the activity should stop, at once if it already should.
      #
      # The block runs in a thread of the worker's, with the context of who asked for it: let it close a socket or
      # set a flag, and nothing long.
      #
      # @yieldparam reason [Symbol]
      def on_cancel
        context = Context.current?
        block = ->(reason) { Context.with(context) { yield reason } }
        pending = @lock.synchronize { canceled? || !(@callbacks << block) }
        run(block) if pending
      end

      # @api private
      # @return [Boolean] whether this was the first reason; later ones change nothing
      def request(reason)
        callbacks = @lock.synchronize do
          return false if canceled?

          @reason = reason
          @changed.broadcast
          @callbacks
        end
        callbacks.each { |callback| run(callback) }
        true
      end

      private

      def run(callback)
        callback.call(reason)
      rescue StandardError => e
        warn "an on_cancel block raised #{e.class}: #{e.message}"
      end
    end
  end
end
