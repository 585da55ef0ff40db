# frozen_string_literal: true

require 'spec_helper'
require 'support/hostile'

RSpec.describe Pyflow::Codec::Amount do
  million = 1_000_000

  let(:codec) { Pyflow::Codec.default }

  def size(tree)
    case tree
    when Array then 1 + tree.sum { |element| size(element) }
    when Hash then 1 + tree.sum { |key, value| size(key) + size(value) }
    else 1
    end
  end

  def read(enc, bytes)
    data = [Zlib.deflate(bytes)].pack('m0')
    codec.decode(JSON.generate({ '$pyflow' => 1, 'enc' => enc, 'codecs' => ['zlib'], 'data' => data }))
  end

  it 'counts as many values in bytes as what they become has parts' do
    hostile = Hostile.new
    values = Array.new(2_000) do
      codec.decode(hostile.text)
    rescue Pyflow::PayloadError
      nil
    end
    values.reject { |value| value.is_a?(Pyflow::Codec::Reference) }.each do |value|
      tagged = JSON.generate(Pyflow::Codec::Xjson.tag(value), max_nesting: 0)
      packed = Pyflow::Codec::Packed.pack(value)
      parsed = JSON.parse(tagged, max_nesting: 0)
      [['msgpack', packed, size(value)], ['xjson', tagged.b, size(parsed)]].each do |enc, bytes, parts|
        expect([parts, parts - 1].map { |limit| described_class.many?(enc, bytes, limit) }).to eq([false, true]), tagged
      end
    end
  end

  it 'lets a million values be read, in each coding' do
    packed = "\xdd".b + [million - 1].pack('N') + ("\xc0".b * (million - 1))
    expect(read('msgpack', packed).size).to eq(million - 1)
    expect(read('json', "[#{Array.new(million - 1, '0').join(', ')}]").size).to eq(million - 1)
    expect(read('json', %(["#{'{[,0:' * million}\\"[0]\\\\"])).size).to eq(1)
  end

  it 'lets a million be written, and finds one more too large' do
    value = [0] * (million - 1)
    expect(codec.decode(codec.encode(value)).size).to eq(million - 1)
    expect(codec.write(value, store: 's', limit: 500).claim).not_to be_nil
    expect { codec.encode([*value, 0]) }.to raise_error(Pyflow::PayloadTooLarge)
    expect { codec.write([*value, 0], store: 's', limit: 500) }.to raise_error(Pyflow::PayloadTooLarge)
  end

  it 'counts what lies in a store as well' do
    stored = Zlib.deflate("\x90".b * (million + 1))
    claim = Pyflow::Codec::Reference.of(stored, 's', 'msgpack', ['zlib'])
    expect { codec.resolve(claim, stored) }.to raise_error(Pyflow::PayloadDecodeError, /more than 1000000 values/)
  end

  it 'takes a failure of too many values for foreign text' do
    data = [Zlib.deflate(%({"type":"T","details":[#{'[],' * million}0]}))].pack('m0')
    details = JSON.generate({ '$pyflow' => 1, 'enc' => 'failure', 'codecs' => ['zlib'], 'data' => data })
    expect(codec.decode_failure('Reason', details).message).to eq(details)
  end
end
