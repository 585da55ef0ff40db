# frozen_string_literal: true

require_relative 'activity'
require_relative 'payloads'
require_relative 'worker/log'
require_relative 'worker/middleware'
require_relative 'worker/roster'

module Pyflow
  # For the tests of those who write activities. No SWF, no threads.
  module Testing
    # Runs activities as a worker would: input and result go through the codec, and they have a context.
    #
    #     environment = Pyflow::Testing::ActivityEnvironment.new(headers: { 'attempt' => 2 })
    #     expect(environment.run(ChargeCard, { 'card' => '4111', 'amount' => '12.50' })).to eq('id' => 'ch_1')
    #     expect(environment.heartbeats).to eq([{ 'percent' => 100 }])
    class ActivityEnvironment
      # @return [Array<Object>] the details of each call of `heartbeat`, none left out
      attr_reader :heartbeats

      # @param headers [Hash{String => Object}] as the decider sends them, such as `attempt` and `last_heartbeat`
      # @param info [Hash] other members of {Activity::Info} that matter to the activity
      # @param middleware [Array<#call>] as a worker takes it
      # @param codec [Codec]
      # @param stores [Hash{String => #put, #get}] as a worker takes them
      # @param logger [Logger] of the context; by default as of a worker
      def initialize(headers: {}, info: {}, middleware: [], codec: Codec.default, stores: {}, logger: Worker::Log.logger)
        @facts = { headers:, attempt: headers['attempt'], last_heartbeat: headers['last_heartbeat'], **info }
        @middleware = middleware
        @codec = Payloads.new(codec, stores:)
        @logger = logger
        @cancellation = Activity::Cancellation.new
        @heartbeats = []
      end

      # @param activity [Class, Activity]
      # @param input [Object] a value of the contract
      # @return [Object] what the workflow would get; nil of an activity that left its answer to somebody else
      # @raise [Exception] what the activity raises
      # @raise [InputMismatch, PayloadEncodeError] for an input that does not fit, or a result that can't be sent
      def run(activity, input = nil)
        entry = Worker::Roster.new([activity]).first
        args, keywords = entry.arguments.for(through_codec(input, 'input'))
        context = context(entry.definition)
        result = Activity::Context.with(context) do
          Worker::Middleware.around(@middleware, context.info, context) { entry.activity.call(*args, **keywords) }
        end
        @completed_later = context.complete_later?
        @completed_later ? nil : through_codec(result, "result of activity #{entry.definition}")
      end

      # @return [Boolean] whether the activity that ran last left its answer to somebody else
      def completed_later?
        @completed_later || false
      end

      # From now on the activity should stop: its next heartbeat raises. It may be called while it runs.
      #
      # @param reason [Symbol] as {Activity::Cancellation} has them
      def cancel!(reason = :requested)
        @cancellation.request(reason)
      end

      # From now on the activity should stop, as its worker does.
      def shutdown!
        cancel!(:worker_shutdown)
      end

      private

      def through_codec(value, what)
        @codec.read(@codec.encode(value, what:)).value
      end

      def context(definition)
        defaults = { task_token: 'token', activity_id: 'activity1', name: definition.name, version: definition.version,
                     workflow_id: 'workflow', run_id: 'run', domain: 'test', task_list: 'test' }
        Activity::Context.new(info: Activity::Info.new(**defaults, **@facts).freeze, cancellation: @cancellation,
                              logger: @logger, beat: method(:beat))
      end

      def beat(details)
        @codec.encode_heartbeat(details)
        heartbeats << details
      end
    end
  end
end
