# frozen_string_literal: true

require 'spec_helper'
require 'delegate'

RSpec.describe Pyflow::Worker::Heartbeats do
  let(:swf) { FakeSWF.new }
  let(:log) { text_log }
  let(:heartbeats) { described_class.new(client: swf, logger: log.first, senders: 1) }
  let(:cancellation) { Pyflow::Activity::Cancellation.new }
  let(:task) do
    swf.put('step')
    Pyflow::Worker::Task.from(swf.poll_for_activity_task({}))
  end

  before { heartbeats.start }
  after { heartbeats.stop }

  def watch(timeout: nil, auto: false, &block)
    heartbeats.watch(task, cancellation, timeout:, auto:, &block)
  end

  # The activity makes a heartbeat, then waits for what comes of it.
  def saying(record, details)
    record.call(details)
    yield
  end

  it 'sends what the activity says, at once' do
    watch { |record| saying(record, '"half"') { next_of(swf.heartbeats) } }
      .then { |request| expect(request).to eq(task_token: 'token-step', details: '"half"') }
  end

  it 'is not woken by each of many short activities' do
    looks = 0
    clock = -> { Pyflow::CLOCK.call.tap { looks += 1 if Thread.current.name == 'pyflow-rhythm' } }
    own = described_class.new(client: swf, logger: log.first, clock:)
    rhythm = own.start.last
    100.times do
      own.remove(own.add(task, cancellation, timeout: nil, auto: true))
      Thread.pass until rhythm.status == 'sleep'
    end
    own.stop
    expect(looks).to be < 20
  end

  it 'beats for an activity that says nothing' do
    watch(timeout: 2, auto: true) { [next_of(swf.heartbeats), next_of(swf.heartbeats)] }
      .then { |requests| expect(requests).to eq([{ task_token: 'token-step' }, { task_token: 'token-step' }]) }
  end

  it 'coalesces what is said too often: the first, then the newest' do
    requests = watch(timeout: 2) do |record|
      20.times { |count| record.call(count.to_s) }
      first = next_of(swf.heartbeats)
      20.times { |count| record.call((100 + count).to_s) }
      [first, next_of(swf.heartbeats)]
    end
    expect(requests.last[:details]).to eq('119')
  end

  it 'tells the activity that the decider asked to cancel' do
    swf.cancel_requested = true
    watch { |record| saying(record, nil) { ended(Thread.new { cancellation.wait }) } }
    expect(cancellation.reason).to eq(:requested)
  end

  it 'tells the activity that its task is gone' do
    swf.raising(:heartbeat, FakeSWF.fault('UnknownResourceFault'))
    watch { |record| saying(record, nil) { ended(Thread.new { cancellation.wait }) } }
    expect(cancellation.reason).to eq(:gone)
  end

  it 'tells the activity when SWF has heard nothing for the heartbeat timeout' do
    swf.raising(:heartbeat, *Array.new(100) { FakeSWF.network_error })
    watch(timeout: 0.5, auto: true) { ended(Thread.new { cancellation.wait }) }
    expect(cancellation.reason).to eq(:heartbeat_lost)
    expect(log.last).to include('heartbeat of activity1 (step 1) failed: Seahorse::Client::NetworkingError')
  end

  it 'goes on after a heartbeat that was lost' do
    swf.raising(:heartbeat, FakeSWF.fault('ThrottlingException', 'Rate exceeded'))
    watch(timeout: 2) { |record| saying(record, '1') { [next_of(swf.heartbeats), next_of(swf.heartbeats)] } }
      .then { |requests| expect(requests.map { |request| request[:details] }).to eq(%w[1 1]) }
    expect(cancellation).not_to be_canceled
  end

  it 'sends those of the others while one hangs' do
    hanging = Thread::Queue.new
    slow = Class.new(SimpleDelegator) do
      define_method(:record_activity_task_heartbeat) do |request|
        hanging.pop if request[:details] == 'hangs'
        super(request)
      end
    end
    both = described_class.new(client: slow.new(swf), logger: log.first, senders: 2).tap(&:start)
    sent = both.watch(task, cancellation, timeout: nil, auto: false) do |record|
      record.call('hangs')
      both.watch(task, cancellation, timeout: nil, auto: false) do |other|
        other.call('goes on')
        next_of(swf.heartbeats)
      end
    end
    expect(sent[:details]).to eq('goes on')
    hanging << 1
    both.stop
  end

  it 'says nothing of an activity that has ended' do
    watch(timeout: 2, auto: true) { nil }
    swf.put('other')
    other = Pyflow::Worker::Task.from(swf.poll_for_activity_task({}))
    heartbeats.watch(other, cancellation, timeout: 2, auto: true) { next_of(swf.heartbeats) }
              .then { |request| expect(request[:task_token]).to eq('token-other') }
  end
end
