# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Activity::Cancellation do
  subject(:cancellation) { described_class.new }

  it 'keeps its first reason' do
    expect([cancellation.request(:requested), cancellation.request(:gone), cancellation.reason])
      .to eq([true, false, :requested])
  end

  it 'raises once the activity should stop' do
    expect { cancellation.check! }.not_to raise_error
    cancellation.request(:gone)
    expect { cancellation.check! }.to raise_error(Pyflow::ActivityCanceled, 'activity canceled: gone')
  end

  it 'wakes whoever waits for it' do
    waiting = Thread.new { cancellation.wait }
    cancellation.request(:requested)
    expect(ended(waiting)).to be(true)
  end

  it 'waits no longer than it was told to' do
    expect(cancellation.wait(0.001)).to be(false)
  end

  it 'runs what was asked for, at once when it is late' do
    told = []
    cancellation.on_cancel { |reason| told << [:before, reason] }
    cancellation.request(:worker_shutdown)
    cancellation.on_cancel { |reason| told << [:after, reason] }
    expect(told).to eq([%i[before worker_shutdown], %i[after worker_shutdown]])
  end

  it 'survives a callback that raises' do
    cancellation.on_cancel { raise KeyError, 'no socket' }
    expect { cancellation.request(:gone) }.to output("an on_cancel block raised KeyError: no socket\n").to_stderr
    expect(cancellation).to be_canceled
  end
end
