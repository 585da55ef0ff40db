# frozen_string_literal: true

require 'spec_helper'
require 'support/hostile'

# The same texts each time; `PYFLOW_FUZZ=100000 rspec spec/pyflow/codec/hostile_spec.rb` takes so many.
RSpec.describe Pyflow::Codec do
  model = [NilClass, TrueClass, FalseClass, Integer, Float, String, Time, BigDecimal, Array, Hash,
           Pyflow::Codec::Reference].freeze
  refusals = [Pyflow::PayloadDecodeError, Pyflow::UnsupportedPayloadVersion, Pyflow::UnknownCodec].freeze
  endless = (2**31) - 1

  let(:codec) { described_class.new(codecs: Notation.codecs) }

  def classes(value)
    inner = case value
            when Array then value
            when Hash then value.to_a.flatten(1)
            else []
            end
    inner.map { |part| classes(part) }.inject([value.class], :|)
  end

  it 'reads a hostile text or refuses it, and what it read it can write and read again' do
    hostile = Hostile.new
    writer = described_class.new
    read = 0
    Hostile.count(3000).times do
      text = hostile.text
      payload = codec.read(text)
      read += 1
      expect(classes(payload.value) - model).to eq([]), text
      next if payload.value.is_a?(Pyflow::Codec::Reference)

      written = writer.encode(payload.value, limit: endless)
      again = writer.decode(written)
      expect(Notation.comparable(again)).to eq(Notation.comparable(payload.value)), text
      expect(writer.encode(again, limit: endless)).to eq(written), text
    rescue Pyflow::PayloadError => e
      expect(refusals).to include(e.class), text
      expect(e.message.size).to be < 700
      expect(e.message).not_to include("\n")
    end
    expect(read).to be > Hostile.count(3000) / 10
  end

  it 'reads msgpack by the library as it does by itself, or leaves it' do
    hostile = Hostile.new(Hostile::SEED + 2)
    read = 0
    Hostile.count(3000).times do
      bytes = hostile.text.scrub[/"msgpack".*"data": ?"([^"]*)"/, 1].to_s.unpack1('m')
      usual = described_class::PackedUsual.unpack(bytes)
      next if usual.nil?

      read += 1
      careful = described_class::PackedReader.new(bytes).value
      expect(Notation.comparable(usual)).to eq(Notation.comparable(careful)), bytes.unpack1('H*')
    end
    expect(read).to be > Hostile.count(3000) / 100
  end

  it 'reads a hostile failure, unless it lacks its codec' do
    hostile = Hostile.new(Hostile::SEED + 1)
    Hostile.count(1000).times do
      failure = codec.decode_failure('Reason', hostile.text)
      expect(classes(failure.details) - model).to eq([])
      reason, details = described_class.default.encode_failure(failure)
      expect(described_class.default.decode_failure(reason, details).type).to eq(reason)
    rescue Pyflow::UnknownCodec => e
      expect(e.message).to include('codec')
    end
  end

  it 'allocates nothing for a count that the bytes do not hold' do
    Hostile::PIECES['bytes'].grep(/ff\z/).product(['', '92', '81a161', '9301']).each do |claim, before|
      data = [[before + claim].pack('H*')].pack('m0')
      taken = GC.stat(:malloc_increase_bytes)
      expect { codec.read(%({"$pyflow":1,"enc":"msgpack","data":"#{data}"})) }.to raise_error(Pyflow::PayloadDecodeError)
      expect(GC.stat(:malloc_increase_bytes) - taken).to be < 1_000_000
    end
  end

  it 'refuses a bomb at its limit' do
    bomb = 3.times.inject("\0" * 64 * 1024 * 1024) { |bytes, _| Zlib::Deflate.deflate(bytes) }
    text = %({"$pyflow":1,"codecs":["zlib","zlib","zlib"],"data":"#{[bomb].pack('m0')}"})
    expect { codec.read(text) }.to raise_error(Pyflow::PayloadDecodeError, /16777216/)
  end
end
