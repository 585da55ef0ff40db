# frozen_string_literal: true

require 'spec_helper'
require 'stringio'
require 'tmpdir'

RSpec.describe Pyflow::S3Store do
  # A bucket in memory, with the three calls of the SDK's client that a store makes.
  let(:client) do
    Class.new do
      attr_reader :objects, :puts

      def initialize(errors)
        @errors = errors
        @objects = {}
        @puts = 0
      end

      def put_object(bucket:, key:, body:, content_type:)
        @puts += 1
        @objects["#{bucket}/#{key}"] = [body, content_type]
      end

      def head_object(bucket:, key:)
        @objects["#{bucket}/#{key}"] || missing('NotFound')
      end

      def get_object(bucket:, key:, range:)
        body, = @objects["#{bucket}/#{key}"] || missing('NoSuchKey')
        Struct.new(:body).new(StringIO.new(body[0..range[/\d+\z/].to_i]))
      end

      def missing(code)
        raise @errors.const_get(code).new(nil, code)
      end
    end.new(Module.new { extend Aws::Errors::DynamicErrors })
  end

  it 'has what is put in the bucket behind the prefix' do
    store = described_class.new('payloads', '/shop/', client:)
    2.times { store.put('sha256/aa/aa', 'hello') }
    expect(client.objects).to eq('payloads/shop/sha256/aa/aa' => ['hello', 'application/octet-stream'])
    expect(client.puts).to eq(1)
    expect(store.get('sha256/aa/aa', 5)).to eq('hello')
    expect(store.get('sha256/aa/aa', 2)).to eq('hel')
  end

  it 'has nothing under a key without an object' do
    expect(described_class.new('payloads', client:).get('sha256/aa/aa', 5)).to be_nil
  end

  it 'says what it needs where the gem is missing' do
    Dir.mktmpdir do |folder|
      File.write(File.join(folder, 'aws-sdk-s3.rb'), 'raise LoadError')
      $LOAD_PATH.unshift(folder)
      expect { described_class.new('payloads') }.to raise_error(Pyflow::ConfigurationError, /needs the gem aws-sdk-s3/)
    ensure
      $LOAD_PATH.delete(folder)
    end
  end
end
