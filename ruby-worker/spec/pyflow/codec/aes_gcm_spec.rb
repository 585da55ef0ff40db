# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Codec::Aes256Gcm do
  def ring(encrypt_with = '2026-11', keys: Notation::KEYS)
    Pyflow::Codec::KeyRing.new(keys, encrypt_with:)
  end

  def bytes(hex)
    [hex].pack('H*')
  end

  Notation.vectors('codecs/aes-*.json').each do |vector|
    it "encrypts and decrypts: #{vector['name']}" do
      encoded = bytes(vector['encoded'])
      if vector['error']
        transforms = Pyflow::Codec::Transforms.new('aes-256-gcm' => described_class.new(ring))
        refusal = [Pyflow.const_get(vector['error']), vector['sentence']]
        next expect { transforms.undo(encoded, ['aes-256-gcm']) }.to raise_error(*refusal)
      end

      codec = described_class.new(ring(vector['key']), nonce: -> { bytes(vector['nonce']) })
      expect(codec.encode(bytes(vector['bytes'])).unpack1('H*')).to eq(vector['encoded'])
      expect(described_class.new(ring).decode(encoded).unpack1('H*')).to eq(vector['bytes'])
    end
  end

  it 'draws a new nonce for every value' do
    codec = Pyflow::Codec.new(keys: ring)
    texts = Array.new(2) { codec.encode(7) }
    expect(texts.uniq.size).to eq(2)
    expect(texts.map { |text| codec.decode(text) }).to eq([7, 7])
  end

  it 'reads with the old key after a rotation, and says which one it lacks before' do
    before = Pyflow::Codec.new(keys: ring('2025', keys: Notation::KEYS.slice('2025')))
    after = Pyflow::Codec.new(keys: ring)
    expect(after.decode(before.encode({ 'id' => 7 }))).to eq('id' => 7)
    expect { before.decode(after.encode(7)) }
      .to raise_error(Pyflow::UnknownCodec, 'a payload needs the key "2026-11" of aes-256-gcm, configured here: 2025')
  end

  it 'reads only, and writes in the clear, without a key to encrypt with' do
    codec = Pyflow::Codec.new(keys: ring(nil))
    expect(codec.decode(Pyflow::Codec.new(keys: ring).encode(7))).to eq(7)
    expect(codec.encode(7)).to eq('7')
    expect { described_class.new(ring(nil)).encode('x') }.to raise_error(Pyflow::ConfigurationError, /no key to encrypt/)
  end

  it 'has a ring that shows no key and refuses what can be none' do
    expect(ring.inspect).to eq('#<Pyflow::Codec::KeyRing 2026-11, 2025; encrypts with 2026-11>')
    expect { ring('b', keys: { 'a' => 'k' * 32 }) }
      .to raise_error(Pyflow::ConfigurationError, "a key ring encrypts with 'b', and has no such key")
    expect { ring(nil, keys: { 'a' => 'short' }) }
      .to raise_error(Pyflow::ConfigurationError, "the key 'a' has 5 bytes, and AES-256 takes 32: draw random ones")
    expect { ring(nil, keys: { 'a b' => 'k' * 32 }) }
      .to raise_error(Pyflow::ConfigurationError, "a key ring has the key id 'a b', which must match [A-Za-z0-9_.-]{1,64}")
  end
end
