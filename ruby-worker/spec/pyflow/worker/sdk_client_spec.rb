# frozen_string_literal: true

require 'spec_helper'

# A client of the SDK's own shape, of another class than pyflow's and with faults of its own, as Aws::SWF::Client has
# them. The SDK's stubs stand for SWF.
RSpec.describe 'a worker with a client of the AWS SDK' do # rubocop:disable RSpec/DescribeClass
  include Working

  let(:errors) { stub_const('Aws::SWF::Errors', Module.new { extend Aws::Errors::DynamicErrors }) }
  let(:swf) do
    faults = errors
    kind = Class.new(Seahorse::Client::Base) do
      include Aws::ClientStubs

      define_singleton_method(:identifier) { :swf }
      define_singleton_method(:errors_module) { faults }
      set_api(Pyflow::SWF::Client.api)
      (Pyflow::SWF::Client.plugins - [Pyflow::SWF::Patience, Aws::Plugins::Sign]).each { |plugin| add_plugin(plugin) }
    end
    stub_const('Aws::SWF::Client', kind).new(stub_responses: true, region: 'eu-west-1')
  end
  let(:answered) { Thread::Queue.new }

  def task(name)
    { task_token: "token-#{name}", activity_id: 'activity1', started_event_id: 7, input: '"paid"',
      activity_type: { name:, version: '1' }, workflow_execution: { workflow_id: 'w', run_id: 'r' } }
  end

  # Polls give these tasks, then none.
  def stub_polls(*tasks)
    swf.stub_responses(:poll_for_activity_task, ->(_) { tasks.shift || {} })
  end

  def stub_answers(*responses)
    waiting = answered
    swf.stub_responses(:respond_activity_task_completed, lambda do |context|
      responses.shift || (waiting.push(context.params) && {})
    end)
  end

  def requests(operation)
    swf.api_requests.filter_map { |request| request[:params] if request[:operation_name] == operation }
  end

  it 'registers, polls and answers' do
    stub_polls(task('step'))
    stub_answers
    working = worker(activity(&:upcase)).start
    expect(next_of(answered)).to eq(task_token: 'token-step', result: '"PAID"')
    working.stop
    expect(requests(:register_activity_type)).to contain_exactly(include(domain: 'shop', name: 'step', version: '1'))
    expect(requests(:poll_for_activity_task).first).to include(domain: 'shop', task_list: { name: 'cards' })
  end

  it 'knows its faults by their codes: a type that is there, throttling, a task that is gone' do
    swf.stub_responses(:register_activity_type, 'TypeAlreadyExistsFault')
    swf.stub_responses(:record_activity_task_heartbeat, 'UnknownResourceFault')
    stub_polls(task('gone'), task('step'))
    stub_answers('ThrottlingException', 'ThrottlingException')
    gone = activity('gone') do |_|
      heartbeat
      context.cancellation.wait(60)
    end
    working = worker(gone, activity { |_| 1 }).start
    expect(next_of(answered)).to eq(task_token: 'token-step', result: '1')
    working.stop
    expect(working.counts).to eq(completed: 1, dropped: 1)
    expect(requests(:describe_activity_type).size).to eq(2)
  end
end
