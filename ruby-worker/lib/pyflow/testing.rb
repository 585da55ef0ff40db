# frozen_string_literal: true

require_relative 'activity'
require_relative 'codec'
require_relative 'worker/log'
require_relative 'worker/roster'

module Pyflow
  # For the tests of those who write activities. No SWF, no threads.
  module Testing
    # Runs one activity as a worker would: input and result go through the codec, and it has a context.
    #
    #     environment = Pyflow::Testing::ActivityEnvironment.new(info: { attempt: 2 })
    #     expect(environment.run(ChargeCard, { 'card' => '4111', 'amount' => '12.50' })).to eq('id' => 'ch_1')
    #     expect(environment.heartbeats).to eq([{ 'percent' => 100 }])
    class ActivityEnvironment
      # @return [Array<Object>] the details of each call of `heartbeat`, none left out
      attr_reader :heartbeats

      # @param info [Hash] members of {Activity::Info} that matter to the activity
      # @param codec [Codec]
      def initialize(info: {}, codec: Codec.default)
        @info = info
        @codec = codec
        @cancellation = Activity::Cancellation.new
        @heartbeats = []
      end

      # @param activity [Class, Activity]
      # @param input [Object] a value of the contract
      # @return [Object] what the workflow would get
      # @raise [Exception] what the activity raises
      # @raise [InputMismatch, PayloadEncodeError] for an input that does not fit, or a result that can't be sent
      def run(activity, input = nil)
        entry = Worker::Roster.new([activity]).first
        args, keywords = entry.arguments.for(through_codec(input, 'input'))
        result = Activity::Context.with(context(entry.definition)) { entry.activity.call(*args, **keywords) }
        through_codec(result, "result of activity #{entry.definition}")
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
        @codec.decode(@codec.encode(value, what:))
      end

      def context(definition)
        defaults = { task_token: 'token', activity_id: 'activity1', name: definition.name, version: definition.version,
                     workflow_id: 'workflow', run_id: 'run', domain: 'test', task_list: 'test', headers: {} }
        Activity::Context.new(info: Activity::Info.new(**defaults, **@info).freeze, cancellation: @cancellation,
                              logger: Worker::Log.logger, beat: method(:beat))
      end

      def beat(details)
        @codec.encode_heartbeat(details)
        heartbeats << details
      end
    end
  end
end
