# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker do
  let(:swf) { FakeSWF.new }
  let(:log) { StringIO.new }

  def perform(name, input = nil, &activity)
    type = Pyflow::Activity.define('step', version: '1', &activity)
    swf.put(name, input)
    worker = described_class.new(domain: 'd', task_list: 't', activities: [type], client: swf, concurrency: 1,
                                 graceful_timeout: 5, logger: Pyflow::Worker::Log.logger(log))
    worker.start
    swf.answered
    swf.close
    worker.stop
    swf.answers.first
  end

  def failure(answer)
    Pyflow::Codec.default.decode_failure(answer.last[:reason], answer.last[:details])
  end

  it 'registers its types with every default that SWF needs' do
    perform('step', '1') { |value| value }
    expect(swf.registered).to eq(
      [{ domain: 'd', name: 'step', version: '1', default_task_list: { name: 't' },
         default_task_start_to_close_timeout: 'NONE', default_task_heartbeat_timeout: 'NONE',
         default_task_schedule_to_start_timeout: 'NONE', default_task_schedule_to_close_timeout: 'NONE' }]
    )
  end

  it 'answers a task with what the activity returned' do
    expect(perform('step', '{"a": 1}') { |value| value.merge('b' => 2) })
      .to eq([:completed, { task_token: 'token-step', result: '{"a":1,"b":2}' }])
  end

  it 'fails a task with the type that the activity chose' do
    answer = perform('step') do
      raise Pyflow::ApplicationError.new('card declined', type: 'CardDeclined', non_retryable: true,
                                                          details: { 'code' => 7 })
    end
    expect(failure(answer)).to have_attributes(type: 'CardDeclined', message: 'card declined', non_retryable: true,
                                               details: { 'code' => 7 }, language: 'ruby')
  end

  it 'answers for what is not even a StandardError' do
    answer = perform('step') { exit(3) }
    expect(failure(answer).type).to eq('SystemExit')
  end

  it 'fails a task of a type it does not have, so that another worker can take it' do
    expect(failure(perform('other', '1') { |value| value })).to have_attributes(type: 'pyflow.UnknownActivityType',
                                                                                non_retryable: nil)
  end

  it 'fails a task whose input is no payload, for good' do
    expect(failure(perform('step', '{') { |value| value })).to have_attributes(type: 'pyflow.PayloadDecodeError',
                                                                               non_retryable: true)
  end

  it 'fails a task whose input does not fit the parameters' do
    expect(failure(perform('step', '{"a": 1}') { |b:| b }).type).to eq('pyflow.ArgumentError')
  end

  it 'fails a task whose result is too large for SWF' do
    expect(failure(perform('step', nil) { Random.new(7).bytes(40_000) }).type).to eq('pyflow.ResultTooLarge')
  end

  it 'answers canceled once the decider asked for it' do
    swf.cancel_requested = true
    answer = perform('step') do
      Pyflow::Activity::Context.current.heartbeat({ 'beats' => 1 })
      Pyflow::Activity::Context.current.sleep(5)
    rescue Pyflow::ActivityCanceled => e
      e.details = { 'half' => true }
      raise
    end
    expect(answer).to eq([:canceled, { task_token: 'token-step', details: '{"half":true}' }])
  end

  it 'tries an answer again through throttling' do
    swf.errors = [Aws::Errors::ServiceError.new(nil, 'Rate exceeded').tap { |e| def e.code = 'ThrottlingException' }]
    expect(perform('step') { 2 }).to eq([:completed, { task_token: 'token-step', result: '2' }])
  end
end
