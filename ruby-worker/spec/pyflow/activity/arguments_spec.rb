# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Activity::Arguments do
  def arguments(&block)
    described_class.new(Pyflow::Activity.define('a', version: '1', &block).instance_method(:call), 'a 1')
  end

  it 'gives a value as it is to one parameter' do
    expect(arguments { |order| order }.for({ 'id' => 7 })).to eq([[{ 'id' => 7 }], {}])
  end

  it 'gives nil to one parameter when there is no input' do
    expect(arguments { |order| order }.for(nil)).to eq([[nil], {}])
  end

  it 'binds the keys of an object to keywords' do
    expect(arguments { |card:, amount: 1| [card, amount] }.for({ 'card' => '4111' })).to eq([[], { card: '4111' }])
  end

  it 'takes any key where the method does' do
    expect(arguments { |card:, **rest| [card, rest] }.for({ 'card' => 1, 'x' => 2 })).to eq([[], { card: 1, x: 2 }])
  end

  it 'takes nothing, or an empty object, where the method takes nothing' do
    expect([nil, {}].map { |input| arguments { nil }.for(input) }).to eq([[[], {}], [[], {}]])
  end

  {
    'a key that is missing' => [{}, 'input of a 1 lacks card: it takes card, amount'],
    'a key that it does not take' => [{ 'card' => 1, 'x' => 2 }, 'input of a 1 has x: it takes card, amount'],
    'a value that is no object' => ['4111', 'input of a 1 should be an object whose keys are card, amount'],
    'keys that are no texts' => [{ 1 => 2 }, 'input of a 1 should be an object whose keys are card, amount']
  }.each do |what, (input, message)|
    it "refuses #{what}" do
      expect { arguments { |card:, amount: 1| [card, amount] }.for(input) }.to raise_error(Pyflow::InputMismatch, message)
    end
  end

  it 'refuses an input that nobody takes' do
    expect { arguments { nil }.for(7) }
      .to raise_error(Pyflow::InputMismatch, 'input of a 1 should be empty: its call takes nothing')
  end

  it 'refuses a method that no one value can fit' do
    two = Class.new(Pyflow::Activity) do
      activity 'two', version: '1'
      define_method(:call) { |first, second| [first, second] }
    end
    expect { described_class.new(two.instance_method(:call), 'two 1') }
      .to raise_error(ArgumentError, 'call of activity two 1 needs more than one value, but SWF brings one: ' \
                                     'take keywords, or one value')
  end
end
