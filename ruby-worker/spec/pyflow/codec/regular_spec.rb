# frozen_string_literal: true

require 'spec_helper'
require 'pyflow/codec/regular_in_ruby'
require 'support/hostile'

# Each value is asked for twice, of C and of Ruby; the set-up compiles the former.
RSpec.describe 'Regular' do
  in_c = Pyflow::Codec::RegularInC
  in_ruby = Pyflow::Codec::RegularInRuby

  regular = {
    'the constants' => [nil, true, false],
    'integers of 64 bits' => [0, -1, (2**63) - 1, -(2**63), 2**64],
    'an integer of 1,000 digits' => 2**3320,
    'floats' => [0.0, -0.0, 1.5, 5e-324, 1.7976931348623157e308],
    'texts' => ['', 'Zoë', '山田', '🎈', "\u0000"],
    'frozen ones' => ['text', [].freeze, {}.freeze],
    'a hash with text keys' => { 'a' => 1, 'ä' => { '$pyflow' => [] } },
    'a hash with a default' => Hash.new(7).merge('a' => 1),
    'many hashes with the same keys' => Array.new(40) { |number| { 'id' => number, 'name' => "n#{number}" } },
    'a single array twice' => Array.new(2, [1]),
    '64 levels' => (1...64).inject([]) { |inner, _| [inner] }
  }
  strange = {
    'a symbol' => :paid,
    'bytes' => 'paid'.b,
    'a text in another encoding' => 'paid'.encode('UTF-16LE'),
    'a text in ASCII' => 'paid'.encode('US-ASCII'),
    'a text that is no UTF-8' => "\xff",
    'a surrogate' => "\xed\xa0\x80",
    'a NaN' => Float::NAN,
    'an infinity' => -Float::INFINITY,
    'an integer of 1,001 digits' => -(10**1_000),
    'a time' => Time.at(0),
    'a decimal' => BigDecimal('1.5'),
    'a rational' => 1r,
    'an object' => Object.new,
    'a subclass of String' => Class.new(String).new('paid'),
    'a subclass of Array' => Class.new(Array).new,
    'a subclass of Hash' => Class.new(Hash).new,
    'a Struct' => Struct.new(:a).new(1),
    'a hash with an integer key' => { 7 => 1 },
    'a hash with a key of bytes' => { 'a'.b => 1 },
    'a hash with a symbol key' => { a: 1 },
    'a hash with a nil key' => { nil => 1 },
    'a hash with a key that is no UTF-8' => { "\xff" => 1 },
    'a hash that may have a key twice' => { +'a' => 1 }.compare_by_identity,
    '65 levels' => (1...65).inject([]) { |inner, _| [inner] },
    'an array that holds itself' => [].tap { |array| array << array }
  }

  regular.each do |name, value|
    it "says that #{name} needs no copy" do
      expect([in_c.value?(value), in_ruby.value?(value)]).to eq([true, true])
    end
  end

  strange.each do |name, value|
    [['alone', value], ['in an array', [1, value]], ['in a hash', { 'a' => value }],
     ['deep in many hashes', Array.new(20) { { 'a' => [value] } }]].each do |where, held|
      it "does not say so of #{name} #{where}" do
        expect([in_c.value?(held), in_ruby.value?(held)]).to eq([false, false])
      end
    end
  end

  it 'says the same in C and in Ruby of whatever a hostile text holds' do
    hostile = Hostile.new
    codec = Pyflow::Codec.default
    values = Array.new(Hostile.count(3000)) do
      codec.decode(hostile.text)
    rescue Pyflow::PayloadError
      nil
    end
    differing = values.reject { |value| in_c.value?(value) == in_ruby.value?(value) }
    expect(differing).to eq([])
    expect(values.count { |value| in_c.value?(value) && !value.nil? }).to be > 100
  end

  it 'is the one in C where that is compiled' do
    expect(Pyflow::Codec::Regular).to be(in_c)
  end
end
