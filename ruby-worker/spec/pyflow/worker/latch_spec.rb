# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker::Latch do
  subject(:latch) { described_class.new }

  it 'wakes who waits for it' do
    waiting = Thread.new { latch.wait(60) }
    latch.set
    expect(ended(waiting)).to be(true)
  end

  it 'says when the time is over and nothing happened' do
    expect([latch.wait(0.001), latch.set?]).to eq([false, false])
  end
end
