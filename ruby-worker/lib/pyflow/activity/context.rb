# frozen_string_literal: true

require_relative '../clock'
require_relative 'cancellation'

module Pyflow
  class Activity
    # What is known of the task being performed. Frozen.
    #
    # `attempt`, `headers` and `last_heartbeat` come from a decider that sends headers; SWF itself tells
    # no worker of attempts or timeouts.
    Info = Struct.new(:task_token, :activity_id, :name, :version, :workflow_id, :run_id, :domain, :task_list,
                      :attempt, :headers, :last_heartbeat, :started_event_id, keyword_init: true)

    # What an activity can ask and tell while it runs. Usable from any thread the activity starts,
    # once taken from {Context.current} in the activity's own.
    class Context
      CURRENT = :pyflow_activity_context
      # Seconds after which a busy activity lets other threads go on when it calls: Ruby itself lets it go on
      # for 100 ms, and among twenty such the heartbeats of all would come too late.
      TURN = 0.005
      private_constant :CURRENT, :TURN

      # @return [Context] of the activity that this thread performs
      # @raise [Error] outside of an activity
      def self.current
        current? || raise(Error, 'no activity is being performed by this thread')
      end

      # @return [Context, nil] of the activity that this thread performs
      def self.current?
        Thread.current.thread_variable_get(CURRENT)
      end

      # @api private
      # Performs the block as the activity of this context.
      def self.with(context)
        previous = current?
        Thread.current.thread_variable_set(CURRENT, context)
        yield
      ensure
        Thread.current.thread_variable_set(CURRENT, previous)
      end

      # @return [Info]
      attr_reader :info
      # @return [Cancellation]
      attr_reader :cancellation
      # @return [Logger] the worker's; its own formatter adds the activity and its execution to every line
      attr_reader :logger

      # @param beat [#call] takes the details of a heartbeat
      def initialize(info:, cancellation:, logger:, beat:)
        @info = info
        @cancellation = cancellation
        @logger = logger
        @beat = beat
        @complete_later = false
        @turn = CLOCK.call
      end

      # Tells SWF that the activity lives, and learns whether it should stop.
      #
      # It may be called as often as is convenient: the first call is sent at once, then at most one in a
      # share of the heartbeat timeout, with the newest details. Nothing is waited for, so a cancel request
      # shows at one of the next calls.
      #
      # @param details [Object] any value of the contract, at most 2,048 characters when encoded: longer ones are
      #   compressed or dropped. SWF shows the last ones to the decider when the activity times out.
      # @raise [ActivityCanceled] once the activity should stop
      # @raise [PayloadEncodeError] for details outside of the value model
      def heartbeat(details = nil)
        check!
        @beat.call(details)
        check!
      end

      # @raise [ActivityCanceled] once the activity should stop
      def check!
        give_way
        cancellation.check!
      end

      # Waits, but not when the activity should stop.
      #
      # @param seconds [Numeric]
      # @raise [ActivityCanceled] as soon as the activity should stop
      def sleep(seconds)
        cancellation.wait(seconds)
        check!
      end

      # Leaves the answer to somebody else: what `call` returns is not sent, its slot is free again, and nothing beats
      # for it any more. Whoever has the token answers with {ActivityCompletion}, before the task times out. What `call`
      # raises after all fails the task as ever.
      #
      # @return [String] the task token
      def complete_later
        @complete_later = true
        info.task_token
      end

      # @return [Boolean] whether the answer was left to somebody else
      def complete_later?
        @complete_later
      end

      # @return [Boolean] whether the activity should stop because its worker does
      def worker_shutdown?
        cancellation.reason == :worker_shutdown
      end

      private

      def give_way
        return if CLOCK.call - @turn < TURN

        Thread.pass
        @turn = CLOCK.call
      end
    end
  end
end
