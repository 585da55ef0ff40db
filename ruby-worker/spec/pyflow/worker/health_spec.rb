# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker::Health do
  def state(**facts)
    described_class::State.new(slots: 10, busy: 2, polled_at: 1000.0, asking_since: nil, draining: false, **facts)
  end

  def status(*states, now: 1010.0)
    described_class.of(states, now:)['status']
  end

  it 'is ok while polls end well' do
    expect(described_class.of([state], now: 1010.0))
      .to eq('status' => 'ok', 'slots' => 10, 'busy' => 2, 'seconds_since_poll' => 10.0)
  end

  it 'is unreachable when no poll has ended well for 150 seconds' do
    asking = state(asking_since: 1001.0)
    expect([1151.0, 1151.1].map { |now| status(asking, now:) }).to eq(%w[ok unreachable])
  end

  it 'is ok for as long as all slots are busy, and no poll is wanted' do
    expect(status(state(busy: 10), now: 5000.0)).to eq('ok')
  end

  it 'is draining once it polls no more' do
    expect(status(state(draining: true))).to eq('draining')
  end

  it 'of several processes is that of the worst, with all their slots' do
    expect(described_class.of([state, state(polled_at: 800.0, asking_since: 800.0)], now: 1010.0))
      .to eq('status' => 'unreachable', 'slots' => 20, 'busy' => 4, 'seconds_since_poll' => 210.0)
  end

  it 'without a process is unreachable' do
    expect(status).to eq('unreachable')
  end
end
