# frozen_string_literal: true

require 'spec_helper'
require 'pyflow/worker/child'

RSpec.describe Pyflow::Worker::ParentHeartbeats do
  let(:told) { Thread::Queue.new }
  let(:heartbeats) do
    parent = told
    described_class.new { |message| parent << message }
  end
  let(:cancellation) { Pyflow::Activity::Cancellation.new }
  let(:task) do
    swf = FakeSWF.new
    swf.put('step')
    Pyflow::Worker::Task.from(swf.poll_for_activity_task({}), 'cards')
  end

  before { heartbeats.start }
  after { heartbeats.stop }

  def watch(timeout: nil, &block)
    heartbeats.watch(task, cancellation, timeout:, auto: true, &block)
  end

  it 'tells the parent what to beat for, the newest details, and when it is done' do
    watch(timeout: 5) do |record|
      expect(next_of(told)).to eq(watch: [1, %w[token-step step 1 activity1 w r cards], 5, true])
      record.call('1')
      expect(next_of(told)).to eq(beat: [1, '1'])
      20.times { |count| record.call(count.to_s) }
      Timeout.timeout(60) { nil until told.pop == { beat: [1, '19'] } }
    end
    expect(next_of(told)).to eq(done: 1)
  end

  it 'tells the activity what the parent has heard' do
    watch { heartbeats.cancel(1, :requested) }
    expect(cancellation.reason).to eq(:requested)
  end

  it 'knows no activity that is done' do
    watch { nil }
    heartbeats.cancel(1, :requested)
    expect(cancellation).not_to be_canceled
  end

  it 'tells activities whose tasks time out without heartbeats that the parent is gone' do
    watch { heartbeats.orphaned }
    expect(cancellation).not_to be_canceled
    watch(timeout: 5) { heartbeats.orphaned }
    expect(cancellation.reason).to eq(:heartbeat_lost)
  end
end
