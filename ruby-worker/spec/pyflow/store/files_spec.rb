# frozen_string_literal: true

require 'spec_helper'
require 'tmpdir'

RSpec.describe Pyflow::FileStore do
  key = 'sha256/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

  let(:root) { Dir.mktmpdir }
  let(:store) { described_class.new(root) }

  after { FileUtils.rm_r(root) }

  it 'has what is put at the path that its key is' do
    described_class.new(File.join(root, 'made')).put(key, 'hello')
    expect(File.binread(File.join(root, 'made', key))).to eq('hello')
    expect(described_class.new(File.join(root, 'made')).get(key, 5)).to eq('hello')
  end

  it 'writes a file once and leaves nothing else' do
    2.times { store.put(key, 'hello') }
    expect(Dir.children(File.dirname(File.join(root, key)))).to eq([File.basename(key)])
  end

  it 'has nothing under a key without a file' do
    expect(store.get(key, 5)).to be_nil
  end

  it 'reads no more than shows that it is too much' do
    store.put(key, 'hello world')
    expect(store.get(key, 5)).to eq('hello ')
  end

  ['/etc/passwd', '../up', 'a/../b', 'a//b', 'a/./b', '.', '..', '', 'a/', './a', 'a/..', "a\n"].each do |elsewhere|
    it "refuses a key that leads elsewhere: #{elsewhere.inspect}" do
      expect { store.get(elsewhere, 5) }.to raise_error(Pyflow::ConfigurationError, /is no path below the root/)
      expect { store.put(elsewhere, 'x') }.to raise_error(Pyflow::ConfigurationError, /is no path below the root/)
    end
  end

  ['a', 'a.b/c=d', '.a/..b/c.'].each do |path|
    it "takes a key that is a path: #{path}" do
      store.put(path, 'hello')
      expect(store.get(path, 5)).to eq('hello')
    end
  end
end
