# frozen_string_literal: true

require 'spec_helper'
require 'pyflow/cli'
require 'tmpdir'

RSpec.describe Pyflow::Configuration do
  let(:directory) { Dir.mktmpdir }
  let(:path) { File.join(directory, 'keys.json') }

  key = ["\0" * 32].pack('m0')

  after { FileUtils.rm_r(directory) }

  def ring(content)
    File.write(path, content.is_a?(String) ? content : JSON.generate(content))
    described_class.key_ring(path)
  end

  it 'reads a ring from a file' do
    both = ring('encrypt_with' => 'a', 'keys' => { 'a' => key, 'b' => key })
    expect(both).to have_attributes(ids: %w[a b], encrypt_with: 'a')
    expect(ring('keys' => { 'a' => key }).encrypt_with).to be_nil
  end

  {
    'is no JSON' => '{',
    'has no object of keys' => [],
    "can't be used: the key 'a' has 1 bytes, and AES-256 takes 32: draw random ones" => { 'keys' => { 'a' => 'AA==' } },
    "can't be used: the key 'a' is no base64" => { 'keys' => { 'a' => 7 } },
    "can't be used: a key ring encrypts with 'b', and has no such key" =>
      { 'keys' => { 'a' => key }, 'encrypt_with' => 'b' },
    'has an encrypt_with that is no text' => { 'keys' => { 'a' => key }, 'encrypt_with' => 7 }
  }.each do |sentence, content|
    it "refuses a key file that #{sentence[0, 60]}" do
      expect { ring(content) }.to raise_error(Pyflow::ConfigurationError, "the key file #{path} #{sentence}")
    end
  end

  it 'names a key file that is not there' do
    expect { described_class.key_ring(path) }
      .to raise_error(Pyflow::ConfigurationError, "the key file #{path} can't be read: No such file or directory")
  end

  it 'reads a store from a name and a folder' do
    expect(described_class.store('/srv/payloads')).to match(['default', Pyflow::FileStore])
    expect(described_class.store('big=/srv/payloads')).to match(['big', Pyflow::FileStore])
    expect(described_class.store('./a=b').first).to eq('default')
  end

  it 'refuses another place' do
    expect { described_class.store('s3://') }
      .to raise_error(Pyflow::ConfigurationError, 'the store s3:// names no bucket: it looks like s3://BUCKET/PREFIX')
    expect { described_class.store('https://bucket') }
      .to raise_error(Pyflow::ConfigurationError, 'the store https://bucket is no folder and no s3://BUCKET/PREFIX')
  end
end
