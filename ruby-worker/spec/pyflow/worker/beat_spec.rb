# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker::Beat do
  def beat(timeout: 10, auto: false)
    described_class.new(timeout:, auto:, now: 100.0)
  end

  it 'has two beats and a bit in a heartbeat timeout, within bounds' do
    expect([10, 0.1, 3600, nil].map { |timeout| beat(timeout:).interval }).to eq([4.0, 0.2, 30.0, 10.0])
  end

  it 'beats by itself, first after an interval' do
    expect([103.9, 104.0].map { |now| beat(auto: true).due?(now) }).to eq([false, true])
  end

  it 'leaves beating to the activity when told so' do
    expect(beat.due?(1000.0)).to be(false)
  end

  it 'sends the first heartbeat that the activity makes at once' do
    beat = beat()
    beat.record('1', 101.0)
    expect(beat.due?(101.0)).to be(true)
  end

  it 'sends later ones an interval after the last, with the newest details' do
    beat = beat()
    beat.record('1', 101.0)
    beat.take(101.0)
    beat.sent(101.1)
    beat.record('2', 101.5)
    beat.record('3', 102.0)
    expect([104.9, 105.0].map { |now| beat.due?(now) }).to eq([false, true])
    expect(beat.details).to eq('3')
  end

  it 'sends one at a time' do
    beat = beat()
    beat.record('1', 101.0)
    beat.take(101.0)
    beat.record('2', 101.1)
    expect(beat.due?(120.0)).to be(false)
  end

  it 'says the newest details again when it beats by itself' do
    beat = beat(auto: true)
    beat.record('1', 101.0)
    beat.take(101.0)
    beat.sent(101.1)
    expect([beat.due?(105.0), beat.details]).to eq([true, '1'])
  end

  it 'sends one that was lost again an interval later' do
    beat = beat()
    beat.record('1', 101.0)
    beat.take(101.0)
    beat.missed
    expect([104.9, 105.0].map { |now| beat.due?(now) }).to eq([false, true])
  end

  it 'is lost when SWF has heard nothing for the timeout' do
    beat = beat(auto: true)
    beat.take(104.0)
    beat.sent(104.2)
    beat.take(108.0)
    expect([114.1, 114.2].map { |now| beat.lost?(now) }).to eq([false, true])
  end

  it 'is not lost while the activity, whose affair it is, says nothing' do
    expect(beat.lost?(1000.0)).to be(false)
  end

  it 'is lost when what the activity said was not heard for the timeout' do
    beat = beat()
    beat.record('1', 150.0)
    beat.take(150.0)
    beat.missed
    expect([159.9, 160.0].map { |now| beat.lost?(now) }).to eq([false, true])
  end

  it 'is never lost without a timeout' do
    beat = beat(timeout: nil, auto: true)
    beat.take(110.0)
    beat.missed
    expect(beat.lost?(100_000.0)).to be(false)
  end

  it 'says when there is next something to do' do
    beat = beat(auto: true)
    expect(beat.wake_at).to eq(104.0)
    beat.take(104.0)
    expect(beat.wake_at).to eq(110.0)
    expect(beat(auto: false).wake_at).to be_nil
  end
end
