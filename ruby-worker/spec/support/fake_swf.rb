# frozen_string_literal: true

require 'aws-sdk-core'
require 'timeout'

# SWF in memory: tasks are put in beforehand, answers are remembered. Anything can be told to fail.
class FakeSWF
  Poll = Struct.new(:task_token, :activity_id, :started_event_id, :input, :activity_type, :workflow_execution,
                    keyword_init: true)
  Type = Struct.new(:name, :version)
  Run = Struct.new(:workflow_id, :run_id)
  Status = Struct.new(:cancel_requested)

  attr_reader :answers, :heartbeats, :registered
  attr_accessor :cancel_requested, :errors

  def initialize
    @tasks = Queue.new
    @answers = []
    @heartbeats = []
    @registered = []
    @errors = []
    @told = Queue.new
  end

  def put(name, input, version: '1', token: "token-#{name}")
    @tasks << Poll.new(task_token: token, activity_id: 'activity1', started_event_id: 7, input:,
                       activity_type: Type.new(name, version), workflow_execution: Run.new('w', 'r'))
  end

  def poll_for_activity_task(_request)
    @tasks.pop || Poll.new
  end

  def register_activity_type(request)
    @registered << request
  end

  def record_activity_task_heartbeat(request)
    raise_next
    @heartbeats << request
    Status.new(cancel_requested || false)
  end

  %i[completed failed canceled].each do |kind|
    define_method("respond_activity_task_#{kind}") do |request|
      raise_next
      @answers << [kind, request]
      @told << true
    end
  end

  # Polls, open ones too, end empty from now on.
  def close
    @tasks.close
  end

  # Waits for the next answer.
  def answered
    Timeout.timeout(5) { @told.pop }
  end

  private

  def raise_next
    error = @errors.shift
    raise error if error
  end
end
