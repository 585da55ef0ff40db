# frozen_string_literal: true

require 'aws-sdk-core'

# SWF in memory, with the operations that a worker calls: tasks are put in beforehand, polls wait for them, and what the
# worker says comes out of queues. Any operation can be told to raise first.
class FakeSWF
  Poll = Struct.new(:task_token, :activity_id, :started_event_id, :input, :activity_type, :workflow_execution,
                    keyword_init: true)
  Type = Struct.new(:name, :version)
  Run = Struct.new(:workflow_id, :run_id)
  Count = Struct.new(:count) # rubocop:disable Lint/StructNewOverride -- SWF's word
  Status = Struct.new(:cancel_requested)
  Detail = Struct.new(:type_info, :configuration)
  Info = Struct.new(:status)

  # Faults as another client's classes: only their codes are SWF's.
  def self.fault(code, message = 'told by the test')
    Class.new(Aws::Errors::ServiceError) { self.code = code }.new(nil, message)
  end

  def self.network_error
    Seahorse::Client::NetworkingError.new(IOError.new('connection reset'), 'connection reset')
  end

  # The worker's side: queues of requests.
  attr_reader :answers, :heartbeats, :polls, :registered
  # Whether heartbeats say that the decider asked to cancel.
  attr_accessor :cancel_requested

  def initialize
    @tasks = Thread::Queue.new
    @answers = Thread::Queue.new
    @heartbeats = Thread::Queue.new
    @polls = Thread::Queue.new
    @registered = []
    @raising = Hash.new { |hash, operation| hash[operation] = Thread::Queue.new }
    @types = {}
  end

  def put(name, input = nil, version: '1', token: "token-#{name}")
    @tasks << Poll.new(task_token: token, activity_id: 'activity1', started_event_id: 7, input:,
                       activity_type: Type.new(name, version), workflow_execution: Run.new('w', 'r'))
  end

  # The poll under way, or the next one, ends without a task, as SWF says it: with a token or without.
  def put_nothing(token = nil)
    @tasks << Poll.new(task_token: token)
  end

  # The operation's next calls raise these, one each.
  def raising(operation, *errors)
    errors.each { |error| @raising[operation] << error }
  end

  # A type that somebody has registered before.
  def know(name, configuration, status: 'REGISTERED')
    @types[name] = Detail.new(Info.new(status), configuration)
  end

  # Polls end empty from now on, those under way too.
  def end_polls
    @tasks.close
  end

  def poll_for_activity_task(request)
    raise_next(:poll)
    @polls << request
    @tasks.pop || Poll.new
  end

  def register_activity_type(request)
    raise_next(:register)
    raise FakeSWF.fault('TypeAlreadyExistsFault') if @types.key?(request[:name])

    @registered << request
  end

  def describe_activity_type(request)
    raise_next(:describe)
    @types.fetch(request[:activity_type][:name])
  end

  def count_pending_activity_tasks(_request)
    Count.new(@tasks.size)
  end

  def record_activity_task_heartbeat(request)
    @heartbeats << request
    raise_next(:heartbeat)
    Status.new(cancel_requested || false)
  end

  %i[completed failed canceled].each do |kind|
    define_method("respond_activity_task_#{kind}") do |request|
      raise_next(:respond)
      @answers << [kind, request]
    end
  end

  private

  def raise_next(operation)
    queue = @raising[operation]
    raise queue.pop unless queue.empty?
  end
end
