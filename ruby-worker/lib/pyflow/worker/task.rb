# frozen_string_literal: true

require_relative '../clock'

module Pyflow
  class Worker
    # An activity task that SWF gave to this worker, and whether it has been answered.
    class Task
      # @return [String]
      attr_reader :token, :activity_id, :name, :version, :workflow_id, :run_id, :task_list
      # @return [Integer] of the ActivityTaskStarted in the history
      attr_reader :started_event_id
      # @return [String, nil] the payload, still encoded
      attr_reader :input
      # @return [Float] when it came, by {CLOCK}
      attr_reader :received_at

      # @param answer [#task_token, #activity_type] what PollForActivityTask returned
      # @param task_list [String, nil] that was polled
      # @return [Task, nil] nil after a poll that found none: SWF leaves the token out, its documentation
      #   says that it is empty
      def self.from(answer, task_list = nil)
        new(answer, task_list) unless answer.task_token.nil? || answer.task_token.empty?
      end

      def initialize(answer, task_list)
        @token = answer.task_token
        @activity_id = answer.activity_id
        @started_event_id = answer.started_event_id
        @name = answer.activity_type.name
        @version = answer.activity_type.version
        @workflow_id = answer.workflow_execution.workflow_id
        @run_id = answer.workflow_execution.run_id
        @task_list = task_list
        @input = answer.input
        @received_at = CLOCK.call
        @lock = Mutex.new
        @claimed = false
      end

      # Takes the right to answer, which there is only once.
      #
      # @return [Boolean] whether the caller has it
      def claim
        @lock.synchronize { !@claimed && (@claimed = true) }
      end

      # @return [Boolean] whether somebody has the right to answer, or has answered
      def claimed?
        @claimed
      end

      # @return [Array(String, String)] name and version of its activity
      def key
        [name, version]
      end

      # @return [String] for messages: `activity3 (resize 2.0)`
      def to_s
        "#{activity_id} (#{name} #{version})"
      end
    end
  end
end
