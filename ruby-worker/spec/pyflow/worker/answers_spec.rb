# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker::Answers do
  let(:swf) { FakeSWF.new }
  let(:log) { text_log }
  let(:backoff) { Pyflow::Worker::Backoff.new(first: 0.001, limit: 0.001) }
  let(:metrics) { Pyflow::Worker::Metrics.new }
  let(:answers) { described_class.new(client: swf, codec: Pyflow::Codec.default, logger: log.first, metrics:, backoff:) }
  let(:task) do
    swf.put('step')
    Pyflow::Worker::Task.from(swf.poll_for_activity_task({}))
  end

  def document(answer)
    Pyflow::Codec.default.decode_failure(answer.last[:reason], answer.last[:details])
  end

  it 'answers once, however often it is asked to' do
    expect([answers.complete(task, '1'), answers.complete(task, '2'), answers.cancel(task)]).to eq([true, false, false])
    expect([swf.answers.pop, swf.answers.size]).to eq([[:completed, { task_token: 'token-step', result: '1' }], 0])
  end

  it 'leaves an absent result and absent details out' do
    answers.complete(task, nil)
    expect(swf.answers.pop).to eq([:completed, { task_token: 'token-step' }])
  end

  it 'is patient with throttling, faults of the service and of the network' do
    swf.raising(:respond, FakeSWF.fault('ThrottlingException', 'Rate exceeded'), FakeSWF.fault('InternalFailure'),
                FakeSWF.network_error)
    expect(answers.complete(task, '1')).to be(true)
    expect([swf.answers.size, metrics.snapshot['retries']]).to eq([1, 3])
  end

  it 'drops what SWF has closed, quietly' do
    swf.raising(:respond, FakeSWF.fault('UnknownResourceFault', 'Unknown activity, scheduledEventId = 5'))
    expect(answers.complete(task, '1')).to be(false)
    expect(metrics.counts).to eq(dropped: 1)
    expect(log.last).not_to include('ERROR')
  end

  it 'gives up when the task must have timed out' do
    swf.raising(:respond, *Array.new(5) { FakeSWF.network_error })
    expect(answers.complete(task, '1', timeout: 0)).to be(false)
    expect(metrics.counts).to eq(dropped: 1)
    expect(log.last).to include('ERROR main: activity1 (step 1) was completed, but SWF did not take the answer: Seahorse')
  end

  it 'tries once when there is no time' do
    swf.raising(:respond, FakeSWF.network_error)
    answers.hurry
    expect([answers.complete(task, '1'), swf.answers.size]).to eq([false, 0])
  end

  it 'fails a task whose result SWF refuses' do
    swf.raising(:respond, FakeSWF.fault('ValidationException', 'too long'))
    answers.complete(task, '1')
    expect(document(swf.answers.pop)).to have_attributes(type: 'pyflow.ResultEncodeError', non_retryable: true,
                                                         message: 'ValidationException: too long')
  end

  it 'loses an answer that is refused for good' do
    swf.raising(:respond, FakeSWF.fault('ValidationException', 'Invalid token'))
    expect(answers.cancel(task)).to be(false)
    expect(log.last).to include('SWF did not take the answer: ValidationException: Invalid token')
  end

  it 'knows a task that is handed back from one that failed' do
    expect(answers.cut_short?).to be(false)
    answers.fail(task, Pyflow::Codec::Failure.new(type: 'pyflow.WorkerShutdown', message: 'stopped'))
    expect([swf.answers.pop.first, metrics.counts, answers.cut_short?]).to eq([:failed, { handed_back: 1 }, true])
  end

  it 'says nothing of a task whose answer is left to somebody else' do
    answers.defer(task)
    expect([answers.complete(task, '1'), swf.answers.size, metrics.counts]).to eq([false, 0, { deferred: 1 }])
  end
end
