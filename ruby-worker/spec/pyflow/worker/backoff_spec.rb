# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker::Backoff do
  let(:always_one) { Class.new { def rand = 1.0 }.new }

  it 'doubles from a tenth of a second to thirty' do
    backoff = described_class.new(random: always_one)
    expect([1, 2, 3, 9, 10, 1000].map { |failures| backoff.delay(failures) }).to eq([0.1, 0.2, 0.4, 25.6, 30.0, 30.0])
  end

  it 'takes anything up to that at random, so that workers do not come back together' do
    delays = Array.new(100) { described_class.new(random: Random.new(7)).delay(10) } + [described_class.new.delay(10)]
    expect(delays).to all(be_between(0, 30))
  end
end
