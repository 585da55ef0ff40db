# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Activity::Shape do
  line = Struct.new(:sku, :quantity, keyword_init: true) do
    def self.types = { sku: String, quantity: Integer }
  end
  order = Struct.new(:id, :lines, :gift, keyword_init: true) do
    def initialize(id:, lines:, gift: false)
      super
    end
  end
  order.define_singleton_method(:types) { { lines: [line], gift: [true, false] } }
  by_position = Struct.new(:x, :y)

  def shaped(shape, value)
    described_class.fit(shape, value)
  end

  it 'makes Structs of maps, those within others too' do
    made = shaped(order, { 'id' => 7, 'lines' => [{ 'sku' => 'a', 'quantity' => 2 }] })
    expect(made).to eq(order.new(id: 7, lines: [line.new(sku: 'a', quantity: 2)], gift: false))
  end

  it 'makes Structs whose members have places, not names' do
    expect(shaped([by_position], [{ 'y' => 2, 'x' => 1 }])).to eq([by_position.new(1, 2)])
  end

  it 'takes the first of several that fits' do
    expect([nil, { 'sku' => 'a', 'quantity' => 1 }].map { |value| shaped([line, nil], value) })
      .to eq([nil, line.new(sku: 'a', quantity: 1)])
  end

  it 'makes a float of an integer, where a float is wanted' do
    expect([shaped(Float, 5), shaped(Float, 0.5)]).to eql([5.0, 0.5])
  end

  it 'leaves what a map holds beside its shape' do
    expect(shaped({ total: Float }, { 'total' => 1, 'note' => 'x' })).to eql('total' => 1.0, 'note' => 'x')
  end

  it 'ignores what a Struct has no member for' do
    expect(shaped(by_position, { 'x' => 1, 'y' => 2, 'z' => 3 })).to eq(by_position.new(1, 2))
  end

  it 'asks anything else by ===' do
    expect([shaped(1..12, 3), shaped(/\A\d+\z/, '42'), shaped(:even?.to_proc, 4)]).to eq([3, '42', 4])
  end

  [
    [order, { 'id' => 7 }, '$ lacks lines'],
    [order, { 'id' => 7, 'lines' => [{ 'sku' => 'a', 'quantity' => 'two' }] }, '$.lines[0].quantity is "two", not Integer'],
    [order, { 'id' => 7, 'lines' => {} }, '$.lines is {}, not an array'],
    [order, { 'id' => 7, 'lines' => [], 'gift' => 1 }, '$.gift is 1, not one of true, false'],
    [line, { 'sku' => 'a' }, '$ lacks quantity'],
    [line, 'a', '$ is "a", not a map'],
    [{ total: Float }, {}, '$ lacks total'],
    [String, 'x' * 80, nil],
    [Integer, 'x' * 80, "$ is \"#{'x' * 58}…, not Integer"]
  ].each do |shape, value, sentence|
    it "says in a sentence with its path: #{sentence}" do
      next expect(shaped(shape, value)).to eq(value) unless sentence

      expect { shaped(shape, value) }.to raise_error(Pyflow::InputMismatch, sentence)
    end
  end
end
