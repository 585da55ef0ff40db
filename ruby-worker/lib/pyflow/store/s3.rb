# frozen_string_literal: true

require_relative '../errors'

module Pyflow
  # A store of payloads in an S3 bucket. Needs the gem `aws-sdk-s3`, or a client with its `get_object`, `head_object` and
  # `put_object`.
  class S3Store
    # Codes of S3 for an object that is not there.
    MISSING = %w[NoSuchKey NotFound].freeze

    # @param bucket [String]
    # @param prefix [String] before each key, with a slash between
    # @param client [Aws::S3::Client, nil] by default one of the SDK's own, at `AWS_ENDPOINT_URL_S3` if that is set
    # @raise [ConfigurationError] without the gem
    def initialize(bucket, prefix = '', client: nil)
      @bucket = bucket
      @prefix = prefix.gsub(%r{\A/+|/+\z}, '')
      @client = client || connect
    end

    # Writes the object, unless it is there.
    #
    # @param key [String]
    # @param bytes [String]
    def put(key, bytes)
      where = { bucket: @bucket, key: object(key) }
      return if there? { @client.head_object(**where) }

      @client.put_object(**where, body: bytes, content_type: 'application/octet-stream')
    end

    # @param key [String]
    # @param size [Integer]
    # @return [String, nil] what the object holds, if it is not longer than `size` and one more; nil without it
    def get(key, size)
      answer = there? { @client.get_object(bucket: @bucket, key: object(key), range: "bytes=0-#{size}") }
      answer && answer.body.read.b
    end

    private

    def object(key)
      @prefix.empty? ? key : "#{@prefix}/#{key}"
    end

    # What the block gives; nil where S3 says that there is no such object.
    def there?
      yield
    rescue Aws::Errors::ServiceError => e
      raise unless MISSING.include?(e.code)
    end

    def connect
      require 'aws-sdk-s3'
      # Older SDKs do not look there themselves.
      endpoint = ENV.values_at('AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL').compact.first
      endpoint ? Aws::S3::Client.new(endpoint:, force_path_style: true) : Aws::S3::Client.new
    rescue LoadError
      raise ConfigurationError, 'a store in S3 needs the gem aws-sdk-s3, which is not installed: add it, or give a client'
    end
  end
end
