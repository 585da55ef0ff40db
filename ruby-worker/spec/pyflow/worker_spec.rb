# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker do
  include Working

  describe 'a task' do
    it 'is answered with what the activity returned' do
      expect(perform(activity { |value| value.merge('b' => 2) }, input: '{"a": 1}'))
        .to eq([:completed, { task_token: 'token-step', result: '{"a":1,"b":2}' }])
    end

    it 'is answered without a result when the activity returned nothing' do
      expect(perform(activity { nil })).to eq([:completed, { task_token: 'token-step' }])
    end

    it 'binds the keys of its input to keywords' do
      expect(perform(activity { |card:, amount:| "#{card} #{amount}" }, input: '{"card": "4111", "amount": 5}').last)
        .to include(result: '"4111 5"')
    end

    it 'fails with the type that the activity chose' do
      answer = perform(activity do
        raise Pyflow::ApplicationError.new('card declined', type: 'CardDeclined', non_retryable: true, retry_after: 30,
                                                            details: { 'code' => 7 })
      end)
      expect(failure(answer)).to have_attributes(type: 'CardDeclined', message: 'card declined', non_retryable: true,
                                                 retry_after: 30, details: { 'code' => 7 }, language: 'ruby')
    end

    it 'fails with the class of what was raised, its cause, and the lines that are the author\'s', :wrong_types do
      answer = perform(activity do
        raise KeyError, 'no such card'
      rescue KeyError
        raise ArgumentError, 'bad card'
      end)
      expect(failure(answer)).to have_attributes(type: 'ArgumentError', message: 'bad card', non_retryable: nil,
                                                 stack: all(start_with("#{__FILE__}:")))
      expect(failure(answer).cause).to have_attributes(type: 'KeyError', message: 'no such card')
    end

    it 'fails with the name of an ApplicationError of the author\'s own' do
      stub_const('Declined', Class.new(Pyflow::ApplicationError))
      expect(failure(perform(activity { raise Declined, 'no' })).type).to eq('Declined')
    end

    [
      ['exit', 'SystemExit', -> { exit(3) }],
      ['a recursion without end', 'SystemStackError', -> { (endless = -> { endless.call }).call }],
      ['a want of memory', 'NoMemoryError', -> { 'x' * (2**62) }],
      ['a method that is missing', 'NoMethodError', -> { nil.upcase }],
      ['something not implemented', 'NotImplementedError', -> { raise NotImplementedError }],
      ['a library that is missing', 'LoadError', -> { require 'no/such/library' }],
      ['an exit without its ensures', 'UncaughtThrowError', -> { throw :done }],
      ['text that does not parse', 'SyntaxError', -> { RubyVM::InstructionSequence.compile(')') }]
    ].each do |what, type, code|
      it "is answered even after #{what}" do
        expect(failure(perform(activity { code.call })).type).to eq(type)
      end
    end

    it 'is answered even when the activity ends its thread, whose slot is filled again' do
      swf.put('leave')
      swf.put('step')
      working = worker(activity('leave') { Thread.exit }, activity { 1 }).start
      expect(failure(next_of(swf.answers)).type).to eq('pyflow.WorkerCrashed')
      expect(next_of(swf.answers).first).to eq(:completed)
      swf.end_polls
      working.stop
    end

    it 'fails, so that another worker can take it, when its activity is not here' do
      answer = perform(activity { 1 }, name: 'other')
      expect(failure(answer)).to have_attributes(type: 'pyflow.UnknownActivityType', non_retryable: nil,
                                                 message: 'this worker has no activity other 1: it has step 1')
    end

    {
      'is no payload' => ['{', 'pyflow.PayloadDecodeError', true],
      'was written by a newer contract' => ['{"$pyflow": 2}', 'pyflow.UnsupportedPayloadVersion', true],
      'needs a codec that is not here' =>
        ['{"$pyflow": 1, "codecs": ["acme-kms"], "data": "AA=="}', 'pyflow.UnknownCodec', nil],
      'lies in a store that is not here' =>
        ["{\"$pyflow\": 1, \"ref\": {\"store\": \"s\", \"key\": \"k\", \"size\": 1, \"sha256\": \"#{'a' * 64}\"}}",
         'pyflow.PayloadUnavailable', nil]
    }.each do |what, (input, type, non_retryable)|
      it "fails without calling the activity when its input #{what}" do
        called = false
        expect(failure(perform(activity { |_| called = true }, input:))).to have_attributes(type:, non_retryable:)
        expect(called).to be(false)
      end
    end

    it 'fails when its input does not fit the parameters' do
      expect(failure(perform(activity { |b:| b }, input: '{"a": 1}')))
        .to have_attributes(type: 'pyflow.ArgumentError', non_retryable: true,
                            message: 'input of step 1 lacks b: it takes b')
    end

    it 'becomes the Struct that the activity declared, and the Struct that it returns becomes a map' do
      order = Struct.new(:id, :total, keyword_init: true)
      doubled = activity(input: order) { |given| order.new(id: given.id, total: given.total * 2) }
      expect(perform(doubled, input: '{"id": 7, "total": 4}').last).to include(result: '{"id":7,"total":8}')
    end

    it 'fails when its input does not have the shape of a keyword, and names the path' do
      order = Struct.new(:id, :total, keyword_init: true)
      charge = activity(input: { orders: [order] }) { |orders:, note: nil| [orders.size, note] }
      expect(failure(perform(charge, input: '{"orders": [{"id": 1, "total": 2}, {"id": 3}]}')))
        .to have_attributes(type: 'pyflow.ArgumentError', non_retryable: true,
                            message: 'input of step 1: $.orders[1] lacks total')
    end

    it 'fails when its result is too large for SWF' do
      expect(failure(perform(activity { Random.new(7).bytes(40_000) })))
        .to have_attributes(type: 'pyflow.ResultTooLarge', non_retryable: true,
                            message: /\Aresult of activity step 1 is \d+ characters, SWF takes 32768: /)
    end

    it 'fails when its result is outside the value model' do
      expect(failure(perform(activity { { 'paid' => :yes } })))
        .to have_attributes(type: 'pyflow.ResultEncodeError', non_retryable: true,
                            message: /\Aresult of activity step 1 holds a Symbol at \$\.paid: /)
    end

    it 'knows who asked for it' do
      told = nil
      perform(activity { |_| told = context.info },
              input: '{"$pyflow": 1, "value": 1, "h": {"attempt": 2, "last_heartbeat": 7}}')
      expect(told).to have_attributes(activity_id: 'activity1', workflow_id: 'w', run_id: 'r', domain: 'shop',
                                      task_list: 'cards', attempt: 2, last_heartbeat: 7)
    end

    it 'goes through the middleware, the first one outermost' do
      order = []
      layers = %w[outer inner].map do |name|
        lambda do |task, _context, &inner|
          order << "#{name} #{task.name}"
          inner.call + 1
        end
      end
      expect(perform(activity { 40 }, middleware: layers).last).to include(result: '42')
      expect(order).to eq(['outer step', 'inner step'])
    end

    it 'fails with what the middleware raises' do
      refuse = ->(*) { raise Pyflow::ApplicationError.new('closed', type: 'Closed') }
      expect(failure(perform(activity { 1 }, middleware: [refuse])).type).to eq('Closed')
    end

    it 'tells how long its heartbeat\'s details were, where they are too long to send' do
      sent = swf.heartbeats
      long = activity do
        heartbeat(Random.new(7).bytes(4000))
        Thread.pass while sent.empty?
      end
      expect(perform(long).first).to eq(:completed)
      expect(sent.pop[:details]).to match(/\A{"\$pyflow":1,"enc":"json","value":null,"dropped":53\d\d}\z/)
    end

    it 'goes on from the last heartbeat of the attempt before' do
      resuming = activity { |_| [context.info.attempt, context.info.last_heartbeat.fetch('done') + 1] }
      expect(perform(resuming, input: '{"$pyflow": 1, "value": 1, "h": {"attempt": 2, "last_heartbeat": {"done": 7}}}').last)
        .to include(result: '[2,8]')
    end

    it 'has no answer when its activity leaves that to somebody else, whose slot is free again' do
      tokens = Thread::Queue.new
      swf.put('later')
      swf.put('step')
      working = worker(activity('later') { tokens << context.complete_later }, activity { 1 }).start
      expect([next_of(tokens), next_of(swf.answers).last]).to eq(['token-later', { task_token: 'token-step', result: '1' }])
      swf.end_polls
      working.stop
      expect([working.counts, swf.answers.size]).to eq([{ completed: 1, deferred: 1 }, 0])
    end

    it 'fails all the same when its activity raises after that' do
      answer = perform(activity do
        context.complete_later
        raise 'nobody could be asked'
      end)
      expect(failure(answer)).to have_attributes(type: 'RuntimeError', message: 'nobody could be asked')
    end

    it 'is named in every line that its activity logs, and that the worker logs about it' do
      perform(activity { logger.info('charging') && nil })
      of_the_task = 'workflow_id=w run_id=r activity_id=activity1 activity=step version=1 task_list=cards$'
      expect(logged).to match(/INFO pyflow-0: charging #{of_the_task}/)
      expect(logged).to match(/INFO pyflow-0: activity1 \(step 1\) completed in \d\.\d{3} s #{of_the_task}/)
    end
  end

  describe 'cancellation' do
    let(:cooperative) do
      activity do
        heartbeat({ 'beats' => 1 })
        context.sleep(60)
      rescue Pyflow::ActivityCanceled => e
        e.details = { 'half' => true }
        raise
      end
    end

    let(:stubborn) do
      activity do
        heartbeat
        context.cancellation.wait(60)
        'done'
      end
    end

    it 'is answered with the details that the activity gave' do
      swf.cancel_requested = true
      expect(perform(cooperative)).to eq([:canceled, { task_token: 'token-step', details: '{"half":true}' }])
    end

    it 'is answered without details that could not be sent' do
      swf.cancel_requested = true
      answer = perform(activity do
        heartbeat
        context.sleep(60)
      rescue Pyflow::ActivityCanceled
        raise Pyflow::ActivityCanceled.new(details: Object.new)
      end)
      expect(answer).to eq([:canceled, { task_token: 'token-step' }])
      expect(logged).to include('is answered canceled without details: cancel details of activity step 1 holds an Object')
    end

    it 'may be ignored by an activity that is nearly done' do
      swf.cancel_requested = true
      answer = perform(stubborn)
      expect(answer).to eq([:completed, { task_token: 'token-step', result: '"done"' }])
    end

    it 'that nobody asked for is a failure' do
      expect(failure(perform(activity { raise Pyflow::ActivityCanceled })).type).to eq('Pyflow::ActivityCanceled')
    end

    it 'of a task that SWF must have timed out, for want of heartbeats, is answered with nothing' do
      swf.raising(:heartbeat, *Array.new(100) { FakeSWF.network_error })
      swf.put('step')
      swf.put('next')
      slow = activity(heartbeat_timeout: 0.5) { context.cancellation.wait(60) && 'too late' }
      working = worker(slow, activity('next') { 2 }).start
      expect(next_of(swf.answers).last).to include(task_token: 'token-next')
      swf.end_polls
      working.stop
      expect(working.counts).to eq(completed: 1, dropped: 1)
      expect(logged).to include('activity1 (step 1) should stop: heartbeat_lost')
    end

    it 'of a task that is gone is answered with nothing, whatever the activity returns' do
      swf.raising(:heartbeat, FakeSWF.fault('UnknownResourceFault', 'Unknown execution'))
      swf.put('step')
      swf.put('next')
      working = worker(stubborn, activity('next') { 2 }).start
      expect(next_of(swf.answers).last).to include(task_token: 'token-next')
      swf.end_polls
      working.stop
      expect(working.counts).to include(dropped: 1, completed: 1)
    end
  end

  describe 'settings' do
    {
      { domain: '' } => 'domain is "": SWF takes a text of 1 to 256 characters',
      { task_list: nil } => 'task_list is nil: SWF takes a text of 1 to 256 characters',
      { concurrency: 0 } => 'concurrency is 0: it takes a whole number above 0',
      { pollers: 1.5 } => 'pollers is 1.5: it takes a whole number above 0',
      { graceful_timeout: -1 } => 'graceful_timeout is -1: it takes seconds, 0 or more'
    }.each do |setting, message|
      it "refuse #{setting}" do
        expect { worker(activity { 1 }, **setting) }.to raise_error(ArgumentError, message)
      end
    end

    it 'refuse a shape that the activity\'s call has no place for' do
      expect { worker(activity(input: { b: String }) { |a:| a }) }
        .to raise_error(ArgumentError, 'input of activity step 1 has no place in its call, which takes a')
    end

    it 'do without a client until it is needed, and then tell how much waits' do
      3.times { swf.put('step') }
      expect(worker(activity { 1 }).backlog).to eq(3)
    end

    it 'let one worker start once' do
      working = worker(activity { 1 }).start
      expect { working.start }.to raise_error(Pyflow::Error, 'this worker has been started before')
      swf.end_polls
      working.stop
    end
  end
end
