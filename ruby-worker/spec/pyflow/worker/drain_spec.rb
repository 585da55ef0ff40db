# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker::Manager do
  include Working

  let(:begun) { Thread::Queue.new }
  let(:permission) { Thread::Queue.new }

  # An activity that ends when the test lets it.
  def held(name = 'step')
    waiting = [begun, permission]
    activity(name) do
      waiting.first << name
      waiting.last.pop
    end
  end

  it 'polls with a free slot only' do
    swf.put('step')
    working = worker(held).start
    next_of(begun)
    expect(swf.polls.size).to eq(1)
    permission << 'done'
    expect([next_of(swf.polls), next_of(swf.polls)].size).to eq(2)
    swf.end_polls
    working.stop
  end

  it 'performs as many at once as it may' do
    3.times { |number| swf.put('step', token: number.to_s) }
    working = worker(held, concurrency: 2).start
    2.times { next_of(begun) }
    expect(begun.size).to eq(0)
    2.times { permission << 1 }
    next_of(begun)
    permission << 1
    3.times { next_of(swf.answers) }
    swf.end_polls
    expect(working.stop).to be(true)
  end

  it 'lets activities end' do
    swf.put('step')
    working = worker(held).start
    next_of(begun)
    working.quiet
    stopping = Thread.new { working.stop(timeout: 60) }
    permission << 'done'
    expect([ended(stopping), next_of(swf.answers).last]).to eq([true, { task_token: 'token-step', result: '"done"' }])
  end

  it 'goes on to beat for activities while it waits for them' do
    swf.put('step')
    beating = [begun, permission]
    working = worker(activity(heartbeat_timeout: 2) do
      beating.first << 1
      beating.last.pop
    end).start
    next_of(begun)
    stopping = Thread.new { working.stop(timeout: 60) }
    Thread.pass until logged.include?('stopping: 60 s')
    swf.heartbeats.clear
    2.times { next_of(swf.heartbeats) }
    permission << 'done'
    swf.end_polls
    expect([ended(stopping), next_of(swf.answers).first]).to eq([true, :completed])
  end

  it 'performs a task that a poll under way brings while it stops' do
    working = worker(activity { 'late' }).start
    next_of(swf.polls)
    working.quiet
    stopping = Thread.new { working.stop(timeout: 60) }
    swf.put('step')
    expect([ended(stopping), next_of(swf.answers).last]).to eq([true, { task_token: 'token-step', result: '"late"' }])
  end

  it 'asks activities to stop when the time is over, and hands their tasks back' do
    swf.put('step')
    reasons = Thread::Queue.new
    working = worker(activity do
      context.cancellation.on_cancel { |reason| reasons << [reason, context.worker_shutdown?] }
      reasons << :begun
      context.sleep(60)
    end).start
    next_of(reasons)
    expect(working.stop(timeout: 0)).to be(false)
    expect(failure(swf.answers.pop)).to have_attributes(type: 'pyflow.WorkerShutdown', non_retryable: nil)
    expect(reasons.pop.first).to eq(:worker_shutdown)
  end

  it 'counts an activity that ends in time, once asked, as one that ended' do
    swf.put('step')
    waiting = begun
    working = worker(activity do
      waiting << 1
      context.cancellation.wait(60)
      'in time'
    end).start
    next_of(begun)
    expect([working.stop(timeout: 0), swf.answers.pop.last]).to eq([true, { task_token: 'token-step', result: '"in time"' }])
  end

  it 'answers for an activity that does not stop, and ends its thread' do
    stub_const('Pyflow::Worker::Manager::GRACE', 0.5)
    swf.put('step')
    working = worker(held).start
    next_of(begun)
    expect(working.stop(timeout: 0)).to be(false)
    expect(failure(swf.answers.pop).type).to eq('pyflow.WorkerShutdown')
    permission << 'too late'
    expect(swf.answers.size).to eq(0)
    expect(Thread.list.map(&:name).grep(/\Apyflow-\d/)).to eq([])
  end

  it 'hands back a task that a poll brings when there is no time for it' do
    called = false
    swf.put('step')
    working = worker(held, activity('late') { called = true }, concurrency: 2).start
    next_of(begun)
    2.times { next_of(swf.polls) }
    stopping = Thread.new { working.stop(timeout: 0) }
    Thread.pass until logged.include?('no time left')
    swf.put('late')
    handed_back = next_of(swf.answers)
    permission << 'in time'
    expect([failure(handed_back).type, called, next_of(swf.answers).first, ended(stopping)])
      .to eq(['pyflow.WorkerShutdown', false, :completed, false])
  end

  it 'cuts a poll that outlives the time' do
    working = worker(activity { 1 }).start
    next_of(swf.polls)
    expect(working.stop(timeout: 0)).to be(true)
    expect(logged).to include('a poll under way is cut; SWF may have given it a task')
  end

  it 'stops when polling has become impossible, and says why' do
    stub_const('Pyflow::Worker::Poller::PATIENCE', 2)
    swf.raising(:poll, *Array.new(2) { FakeSWF.fault('UnknownResourceFault', 'Unknown domain: shop') })
    expect { Timeout.timeout(60) { worker(activity { 1 }).run } }
      .to raise_error(Pyflow::ConfigurationError, /domain shop can't be polled: UnknownResourceFault/)
  end

  describe 'with signals' do
    def signal(name)
      Process.kill(name, Process.pid)
    end

    it 'stops on TERM, and lets activities end' do
      swf.put('step')
      done = worker(held).run do
        next_of(begun)
        signal('TERM')
        permission << 'done'
        swf.end_polls
      end
      expect([done, swf.answers.pop.first]).to eq([true, :completed])
    end

    it 'stops at once on a second one' do
      swf.put('step')
      waiting = begun
      busy = activity do
        waiting << 1
        context.sleep(60)
      end
      done = worker(busy, graceful_timeout: 60).run do
        next_of(begun)
        signal('INT')
        Thread.new do
          Thread.pass until logged.include?('stopping: 60 s')
          signal('TERM')
        end
      end
      expect([done, failure(swf.answers.pop).type]).to eq([false, 'pyflow.WorkerShutdown'])
    end

    it 'is quiet on TSTP, and goes on with what it has' do
      swf.put('step')
      asked = begun
      done = worker(held).run do |working|
        next_of(asked)
        signal('TSTP')
        Thread.new do
          Thread.pass until logged.include?('quiet: no more polls')
          permission << 1
          next_of(swf.answers)
          swf.put('never taken')
          working.stop
        end
      end
      expect([done, swf.polls.size]).to eq([true, 1])
    end

    it 'logs where every thread is on TTIN' do
      swf.put('step')
      worker(held).run do |working|
        next_of(begun)
        signal('TTIN')
        Thread.new do
          Thread.pass until logged.include?('pyflow-0 is at')
          permission << 1
          swf.end_polls
          working.stop
        end
      end
      expect(logged).to match(/pyflow-0 is at\n  .*in `pop'/)
    end

    it 'gives the signals back' do
      before = trap('TERM', 'DEFAULT')
      trap('TERM', before)
      swf.end_polls
      worker(activity { 1 }).run { signal('TERM') }
      expect(trap('TERM', before)).to eq(before)
    end
  end
end
