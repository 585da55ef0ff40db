# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Testing::ActivityEnvironment do
  def activity(&block)
    Pyflow::Activity.define('step', version: '1', &block)
  end

  it 'gives what a workflow would get' do
    expect(described_class.new.run(activity { |order| order.merge(done: true) }, { id: 7 })).to eq('id' => 7, 'done' => true)
  end

  it 'remembers every heartbeat' do
    environment = described_class.new
    environment.run(activity { 3.times { |count| heartbeat(count) } })
    expect(environment.heartbeats).to eq([0, 1, 2])
  end

  it 'tells the activity what the test says of its task' do
    attempts = activity { "#{context.info.name} #{context.info.attempt}" }
    expect(described_class.new(info: { attempt: 2 }).run(attempts)).to eq('step 2')
  end

  it 'tells the activity what headers say, and when to go on from' do
    resuming = activity { "#{context.info.attempt}: #{context.info.last_heartbeat} #{context.info.headers['x-tenant']}" }
    headers = { 'attempt' => 2, 'last_heartbeat' => 'half', 'x-tenant' => 'acme' }
    expect(described_class.new(headers:).run(resuming)).to eq('2: half acme')
  end

  it 'goes through the middleware, the first one outermost' do
    layers = %w[outer inner].map { |name| ->(task, _, &inner) { "#{name} #{task.name} (#{inner.call})" } }
    expect(described_class.new(middleware: layers).run(activity { 'called' })).to eq('outer step (inner step (called))')
  end

  it 'knows when the answer is left to somebody else' do
    environment = described_class.new
    expect([environment.run(activity { context.complete_later }), environment.completed_later?]).to eq([nil, true])
  end

  it 'asks the activity to stop while it runs' do
    environment = described_class.new
    environment.run(activity do
      environment.cancel!
      heartbeat
    rescue Pyflow::ActivityCanceled => e
      e.reason.to_s
    end).then { |reason| expect(reason).to eq('requested') }
  end

  it 'refuses an input that does not have the declared shape' do
    order = Struct.new(:id, keyword_init: true)
    charge = Pyflow::Activity.define('charge', version: '1', input: order, &:id)
    environment = described_class.new
    expect(environment.run(charge, order.new(id: 7))).to eq(7)
    expect { environment.run(charge, {}) }.to raise_error(Pyflow::InputMismatch, 'input of charge 1: $ lacks id')
  end

  it 'stops the activity' do
    environment = described_class.new
    environment.shutdown!
    expect { environment.run(activity { context.sleep(60) }) }
      .to raise_error(Pyflow::ActivityCanceled) { |error| expect(error.reason).to eq(:worker_shutdown) }
  end

  it 'raises what the activity raises' do
    expect { described_class.new.run(activity { raise KeyError, 'no card' }) }.to raise_error(KeyError, 'no card')
  end

  it 'refuses a result that could not be sent' do
    expect { described_class.new.run(activity { [1, :paid] }) }
      .to raise_error(Pyflow::PayloadEncodeError,
                      'result of activity step 1 holds a Symbol at $[1]: no payload can hold that, ' \
                      'turn it into text, numbers, arrays or hashes first')
  end
end
