# frozen_string_literal: true

require 'spec_helper'
require 'support/fake_swf'
require 'support/working'
require 'tmpdir'

RSpec.describe Pyflow::Payloads do
  include Working

  let(:root) { Dir.mktmpdir }
  let(:big) { (0...30_000).map { |number| (number**7).to_s } } # 600 KB, 240 KB compressed
  let(:ring) { Pyflow::Codec::KeyRing.new(Notation::KEYS, encrypt_with: '2026-11') }
  let(:keyed) { Pyflow::Codec.new(keys: ring) }
  let(:broken) do
    Class.new do
      def put(_key, _bytes)
        raise IOError, "no answer\nafter 5 s"
      end

      def get(_key, _size)
        raise IOError, 'no answer'
      end
    end.new
  end

  after { FileUtils.rm_r(root) }

  def files(name = '.')
    Pyflow::FileStore.new(File.join(root, name))
  end

  def payloads(codec = Pyflow::Codec.default, **stores)
    described_class.new(codec, stores: stores.transform_keys(&:to_s))
  end

  it 'stores what does not fit, and fetches it' do
    kept = payloads(default: files)
    text = kept.encode(big)
    ref = JSON.parse(text)['ref']
    expect(File.size(File.join(root, ref['key']))).to eq(ref['size'])
    expect(kept.read(text).value).to eq(big)
    expect(kept.encode({ 'id' => 7 })).to eq('{"id":7}')
  end

  it 'encrypts what it stores' do
    text = payloads(keyed, default: files).encode(big)
    expect(JSON.parse(text)['codecs']).to eq(%w[zlib aes-256-gcm])
    expect(payloads(keyed, default: files).read(text).value).to eq(big)
    expect { payloads(default: files).read(text) }.to raise_error(Pyflow::UnknownCodec)
  end

  it 'writes to the first store and reads from all' do
    text = payloads(old: files('old')).encode(big)
    both = payloads(new: files('new'), old: files('old'))
    expect(both.read(text).value).to eq(big)
    expect(JSON.parse(both.encode(big))['ref']['store']).to eq('new')
  end

  it 'names a store that is not here' do
    text = payloads(old: files).encode(big)
    expect { payloads(new: files).read(text) }
      .to raise_error(Pyflow::PayloadUnavailable, 'a payload lies in the store "old", configured here: new')
  end

  it 'names an object that is gone' do
    text = payloads(default: files).encode(big)
    key = JSON.parse(text)['ref']['key']
    File.delete(File.join(root, key))
    expect { payloads(default: files).read(text) }
      .to raise_error(Pyflow::PayloadUnavailable,
                      %(the store "default" has no #{key}: it was deleted, or another store is meant))
  end

  it 'refuses an object that was changed' do
    text = payloads(default: files).encode(big)
    path = File.join(root, JSON.parse(text)['ref']['key'])
    File.binwrite(path, "\0" * File.size(path))
    expect { payloads(default: files).read(text) }.to raise_error(Pyflow::PayloadDecodeError)
  end

  it 'says in one sentence that a store can not be reached' do
    expect { payloads(far: broken).encode(big, what: 'result of bulk 1') }
      .to raise_error(Pyflow::PayloadUnavailable,
                      "result of bulk 1 can't be written to the store \"far\": IOError: no answer after 5 s")
    text = payloads(far: files).encode(big)
    expect { payloads(far: broken).read(text) }
      .to raise_error(Pyflow::PayloadUnavailable, "the store \"far\" can't be read: IOError: no answer")
  end

  it 'fetches no more than 16 MiB' do
    ref = { store: 'default', key: 'sha256/aa/aa', size: 16_777_217, sha256: 'a' * 64 }
    expect { payloads(default: broken).read(JSON.generate('$pyflow' => 1, 'ref' => ref)) }
      .to raise_error(Pyflow::PayloadDecodeError, /for 16777217 bytes, and at most 16777216 are fetched/)
  end

  it 'has stores whose names payloads can carry' do
    expect { described_class.new(stores: { 'a/b' => files }) }
      .to raise_error(Pyflow::ConfigurationError, "a store has the name 'a/b', which must match [A-Za-z0-9_.-]{1,64}")
  end

  describe 'a worker that has them' do
    def read(answer, **stores)
      payloads(keyed, **stores).read(answer.last[:result]).value
    end

    it 'reads and writes encrypted' do
      answer = perform(activity { |card| card * 2 }, input: keyed.encode('4111'), codec: keyed)
      expect(answer.last[:result]).to include('aes-256-gcm')
      expect(read(answer)).to eq('41114111')
    end

    it 'fails encrypted, the reason in the clear' do
      declined = Pyflow::ApplicationError.new('card 4111 declined', type: 'CardDeclined')
      kind, told = perform(activity { raise declined }, codec: keyed)
      expect([kind, told[:reason]]).to eq([:failed, 'CardDeclined'])
      expect(told[:details]).not_to include('4111')
      expect(keyed.decode_failure('', told[:details]).message).to eq('card 4111 declined')
    end

    it 'fetches its input and stores its result' do
      input = payloads(keyed, default: files).encode(big)
      answer = perform(activity { |value| value * 2 }, input:, codec: keyed, stores: { 'default' => files })
      expect(JSON.parse(answer.last[:result])['ref']['store']).to eq('default')
      expect(read(answer, default: files)).to eq(big * 2)
    end

    it 'leaves to another worker what it lacks a key for' do
      other = Pyflow::Codec.new(keys: Pyflow::Codec::KeyRing.new(Notation::KEYS.slice('2025')))
      told = failure(perform(activity { |value| value }, input: keyed.encode(7), codec: other))
      expect(told).to have_attributes(
        type: 'pyflow.UnknownCodec', non_retryable: nil,
        message: 'a payload needs the key "2026-11" of aes-256-gcm, configured here: 2025'
      )
    end

    it 'leaves to another worker a result that it can not store' do
      value = big
      told = failure(perform(activity { value }, stores: { 'far' => broken }))
      expect(told).to have_attributes(
        type: 'pyflow.PayloadUnavailable', non_retryable: nil,
        message: "result of activity step 1 can't be written to the store \"far\": IOError: no answer after 5 s"
      )
    end
  end
end
