# frozen_string_literal: true

require 'spec_helper'
require 'support/servers'

RSpec.describe Pyflow::ActivityCompletion do
  let(:swf) { FakeSWF.new }
  let(:codec) { Pyflow::Codec.default }
  let(:completion) { described_class.new('the token', client: swf) }

  it 'completes with a value' do
    expect([completion.complete({ paid: true }), swf.answers.pop])
      .to eq([true, [:completed, { task_token: 'the token', result: '{"paid":true}' }]])
  end

  it 'completes with nothing' do
    completion.complete
    expect(swf.answers.pop).to eq([:completed, { task_token: 'the token' }])
  end

  it 'fails with an error' do
    completion.fail(Pyflow::ApplicationError.new('no', type: 'Refused', details: 7))
    _, answer = swf.answers.pop
    expect(answer).to include(task_token: 'the token', reason: 'Refused')
    expect(codec.decode_failure(answer[:reason], answer[:details]))
      .to have_attributes(type: 'Refused', message: 'no', details: 7)
  end

  it 'cancels with details, and without' do
    completion.cancel({ 'half' => true })
    completion.cancel
    expect([swf.answers.pop, swf.answers.pop])
      .to eq([[:canceled, { task_token: 'the token', details: '{"half":true}' }], [:canceled, { task_token: 'the token' }]])
  end

  it 'says what SWF no longer knows' do
    swf.raising(:respond, FakeSWF.fault('UnknownResourceFault'))
    expect(completion.complete(1)).to be(false)
  end

  it 'raises what else SWF says, and what can\'t be sent' do
    swf.raising(:respond, FakeSWF.fault('ValidationException', 'Invalid token'))
    expect { completion.complete(1) }.to raise_error(Aws::Errors::ServiceError, 'Invalid token')
    expect { completion.complete(Random.new(7).bytes(40_000)) }
      .to raise_error(Pyflow::PayloadTooLarge, /\Aresult is \d+ characters/)
  end

  it 'beats, and hears that it should stop' do
    completion.heartbeat(3)
    swf.cancel_requested = true
    expect { completion.heartbeat }
      .to raise_error(Pyflow::ActivityCanceled) { |error| expect(error.reason).to eq(:requested) }
    swf.raising(:heartbeat, FakeSWF.fault('UnknownResourceFault'))
    expect { completion.heartbeat }.to raise_error(Pyflow::ActivityCanceled) { |error| expect(error.reason).to eq(:gone) }
    expect(swf.heartbeats.pop).to eq(task_token: 'the token', details: '3')
  end

  it 'writes with the keys and stores that it is given' do
    ring = Pyflow::Codec::KeyRing.new({ 'k1' => 'k' * 32 }, encrypt_with: 'k1')
    stored = {}
    store = Object.new
    store.define_singleton_method(:put) { |key, bytes| stored[key] = bytes }
    described_class.new('the token', client: swf, codec: Pyflow::Codec.new(keys: ring), stores: { 's' => store })
                   .complete(Random.new(7).bytes(60_000))
    expect(JSON.parse(swf.answers.pop.last[:result]))
      .to include('ref' => include('store' => 's', 'key' => stored.keys.first), 'codecs' => %w[zlib aes-256-gcm])
  end

  it 'finishes at the embedded SWF what an activity left to it', :servers do
    server = Servers['the embedded SWF']
    domain = server.domain
    tokens = Thread::Queue.new
    step = Pyflow::Activity.define('approve', version: '1') { tokens << context.complete_later }
    working = Pyflow::Worker.new(domain:, task_list: 'l', activities: [step], concurrency: 1, endpoint: server.url,
                                 logger: text_log.first).start
    execution = server.schedule(domain, 'approve', 'l')
    described_class.new(tokens.pop, endpoint: server.url).complete('approved')
    expect(server.outcome(domain, execution)).to match(['ActivityTaskCompleted', include('result' => '"approved"')])
    working.stop
    expect(working.counts).to eq(deferred: 1)
  end
end
