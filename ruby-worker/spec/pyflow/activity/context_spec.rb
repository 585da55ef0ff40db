# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Activity::Context do
  let(:context) do
    described_class.new(info: Pyflow::Activity::Info.new, cancellation: Pyflow::Activity::Cancellation.new,
                        logger: Logger.new(nil), beat: ->(_details) {})
  end

  def be_busy(seconds)
    finish = now + seconds
    nil while now < finish
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end

  before { allow(Thread).to receive(:pass).and_call_original }

  it 'lets the other threads go on when its activity was busy for 5 ms and calls' do
    context
    be_busy(0.006)
    context.heartbeat
    expect(Thread).to have_received(:pass).once
  end

  it 'does not at every call of one that calls all the time' do
    context
    be_busy(0.006)
    3.times { context.check! }
    expect(Thread).to have_received(:pass).at_most(:twice)
  end
end
