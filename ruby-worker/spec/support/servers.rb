# frozen_string_literal: true

require 'json'
require 'net/http'
require 'securerandom'

# The two servers of SWF that can be had without AWS: pyflow's own, and moto's. Each is a process that says
# `ready URL`; one serves all examples.
module Servers
  ROOT = File.expand_path('../../..', __dir__)
  PYTHON = File.join(ROOT, '.venv/bin/python')
  COMMANDS = {
    'the embedded SWF' => [PYTHON, '-m', 'pyflow.local', '--port', '0', '--poll-seconds', '1'],
    'moto' => [PYTHON, File.join(ROOT, 'integration-tests/moto_process.py')]
  }.freeze

  # @return [String, nil] why the servers can't be run here
  def self.missing
    "there is no #{PYTHON}: make setup, in the folder above" unless File.executable?(PYTHON)
  end

  # @return [Server]
  def self.[](name)
    (@servers ||= {})[name] ||= Server.new(COMMANDS.fetch(name))
  end

  def self.stop
    @servers&.each_value(&:stop)
  end

  # A server's process, and what a decider says to it; plain HTTP, so that nothing of the worker's is in between.
  class Server
    # The shape of a signature: neither server verifies it.
    SIGNED = {
      'X-Amz-Date' => '20260101T000000Z',
      'Authorization' => 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/swf/aws4_request, SignedHeaders=host, ' \
                         "Signature=#{'0' * 64}"
    }.freeze
    DEFAULTS = { executionStartToCloseTimeout: '600', taskStartToCloseTimeout: '600', childPolicy: 'TERMINATE' }.freeze

    attr_reader :url

    def initialize(command)
      output, input = IO.pipe
      @pid = Process.spawn(*command, out: input, err: File::NULL)
      input.close
      @url = Timeout.timeout(180) { output.gets.to_s[/\Aready (\S+)/, 1] } || raise("#{command.join(' ')} did not get ready")
    rescue StandardError
      stop if @pid
      raise
    end

    def stop
      Process.kill('TERM', @pid)
      Process.wait(@pid)
    end

    def call(operation, members)
      headers = { 'Content-Type' => 'application/x-amz-json-1.0',
                  'X-Amz-Target' => "SimpleWorkflowService.#{operation}", **SIGNED }
      answer = Net::HTTP.post(URI(url), JSON.generate(members), headers)
      raise "#{operation}: #{answer.body}" unless answer.code == '200'

      answer.body.empty? ? {} : JSON.parse(answer.body)
    end

    # @return [String] a new domain
    def domain
      "ruby-#{SecureRandom.hex(4)}".tap do |name|
        call('RegisterDomain', name:, workflowExecutionRetentionPeriodInDays: '1')
        call('RegisterWorkflowType', domain: name, name: 'bare', version: '1')
      end
    end

    # Starts a workflow execution that schedules one activity task.
    #
    # @return [Hash] the execution
    def schedule(domain, activity, task_list, input = nil)
      id = SecureRandom.hex(4)
      run = call('StartWorkflowExecution', domain:, workflowId: id, workflowType: { name: 'bare', version: '1' },
                                           taskList: { name: id }, **DEFAULTS)
      decide(domain, id,
             decisionType: 'ScheduleActivityTask',
             scheduleActivityTaskDecisionAttributes: {
               activityId: 'a1', activityType: { name: activity, version: '1' }, taskList: { name: task_list },
               input:, startToCloseTimeout: '500', scheduleToStartTimeout: '500', scheduleToCloseTimeout: '600',
               heartbeatTimeout: '200'
             }.compact)
      { workflowId: id, runId: run.fetch('runId') }
    end

    def decide(domain, task_list, decision)
      task = call('PollForDecisionTask', domain:, taskList: { name: task_list })
      call('RespondDecisionTaskCompleted', taskToken: task.fetch('taskToken'), decisions: [decision])
    end

    # Waits for the decision task that the activity's end brings.
    #
    # @return [Array] the type of the event that closed the activity, and its attributes
    def outcome(domain, execution)
      Timeout.timeout(60) do
        loop do
          call('PollForDecisionTask', domain:, taskList: { name: execution[:workflowId] })
          event = history(domain, execution).find do |one|
            one['eventType'].match?(/\AActivityTask(Comp|Fail|Canceled|Timed)/)
          end
          return [event['eventType'], event.find { |name, _| name.end_with?('EventAttributes') }.last] if event
        end
      end
    end

    def history(domain, execution)
      call('GetWorkflowExecutionHistory', domain:, execution:).fetch('events')
    end
  end
end

RSpec.configure do |config|
  config.before(:context, :servers) { skip(Servers.missing) if Servers.missing }
  config.after(:suite) { Servers.stop }
end
