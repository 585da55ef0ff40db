# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Codec::Failure do
  def raised(error)
    raise error
  rescue Exception => e # rubocop:disable Lint/RescueException -- as the worker does
    e
  end

  def written(error)
    codec = Pyflow::Codec.default
    codec.decode_failure(*codec.encode_failure(codec.failure_of(error)))
  end

  it 'names the class, not a module that was put before it' do
    stub_const('Odd', Class.new(StandardError) { prepend Comparable })
    expect(written(raised(Odd.new('x')))).to have_attributes(type: 'Odd', class_name: 'Odd')
  end

  it 'names the nearest class that has a name' do
    expect(written(raised(Class.new(KeyError).new('x'))).type).to eq('KeyError')
  end

  it 'tells an error whose message raises' do
    stub_const('Mute', Class.new(StandardError) { define_method(:message) { raise IOError } })
    expect(written(raised(Mute.new)).message).to eq("its message can't be had: it raised IOError")
  end

  it 'tells a message that is not UTF-8' do
    expect(written(raised(StandardError.new("a\xffb"))).message).to eq("a\u{fffd}b")
    expect(written(raised(StandardError.new("a\xffb".b))).message).to eq("a\u{fffd}b")
    expect(written(raised(StandardError.new("\u00e9".encode('ISO-8859-1')))).message).to eq('é')
  end

  it 'ends where a cause comes back' do
    first = StandardError.new('first')
    second = StandardError.new('second')
    first.define_singleton_method(:cause) { second }
    second.define_singleton_method(:cause) { first }
    expect(written(first)).to have_attributes(message: 'first', cause: have_attributes(message: 'second', cause: nil))
  end

  it 'says that there were more causes than it tells' do
    error = 30.times.inject(nil) do |cause, number|
      raise StandardError, number.to_s, cause: cause
    rescue StandardError => e
      e
    end
    expect(Pyflow::Codec.default.encode_failure(described_class.of(error)).last).to include('"cause_omitted":true')
  end

  it 'tells an ApplicationError with details that no payload can hold, without them' do
    error = raised(Pyflow::ApplicationError.new('no', type: 'No', details: Object.new))
    expect(written(error)).to have_attributes(type: 'No', details: nil)
    expect(Pyflow::Codec.default.encode_failure(described_class.of(error)).last).to include('"details_omitted":true')
  end

  it 'leaves out a retry_after that is no number of seconds', :wrong_types do
    [Float::INFINITY, Float::NAN, 'soon'].each do |seconds|
      expect(written(raised(Pyflow::ApplicationError.new('no', retry_after: seconds))).retry_after).to be_nil
    end
  end

  it 'is written quickly, however much there is' do
    big = described_class.new(type: 'Big', message: '😀' * 5_000_000, stack: ["frame\u{1f600}"] * 100_000)
    before = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
    expect(Pyflow::Codec::Text.units(Pyflow::Codec.default.encode_failure(big).last)).to be <= 32_768
    expect(Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) - before).to be < 5
  end
end
