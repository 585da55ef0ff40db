# frozen_string_literal: true

require_relative '../codec'
require_relative '../codec/json_text'
require_relative 'files'
require_relative 's3'

module Pyflow
  # Keys and stores as command lines and environments name them; the same in Python, Ruby and Java (protocol/worker.md).
  module Configuration
    NAMED = /\A([A-Za-z0-9_.-]{1,64})=(.+)\z/
    private_constant :NAMED

    module_function

    # @param path [String] a file of JSON: an object of `keys`, each id with 32 bytes in base64, and perhaps `encrypt_with`,
    #   the id of the one to write with
    # @return [Codec::KeyRing]
    # @raise [ConfigurationError] for a file that is none; no sentence shows a key
    def key_ring(path)
      keys, encrypt_with = parts(path)
      Codec::KeyRing.new(keys.to_h { |id, text| [id, key(id, text)] }, encrypt_with:)
    rescue ConfigurationError => e
      raise e if e.message.start_with?('the key file')

      raise ConfigurationError, "the key file #{path} can't be used: #{e.message}"
    end

    # @param text [String] `[NAME=]FOLDER` or `[NAME=]s3://BUCKET/PREFIX`
    # @return [Array(String, Object)] its name, `default` without one, and the store
    # @raise [ConfigurationError]
    def store(text)
      name, where = NAMED.match(text)&.captures || ['default', text]
      return [name, s3(text, where.delete_prefix('s3://'))] if where.start_with?('s3://')
      raise ConfigurationError, "the store #{text} is no folder and no s3://BUCKET/PREFIX" if where.include?('://')

      [name, FileStore.new(where)]
    end

    # @!visibility private
    def parts(path)
      tree = parse(path)
      keys = tree['keys'] if tree.is_a?(Hash)
      raise ConfigurationError, "the key file #{path} has no object of keys" unless keys.is_a?(Hash)
      return [keys, tree['encrypt_with']] if tree['encrypt_with'].nil? || tree['encrypt_with'].is_a?(String)

      raise ConfigurationError, "the key file #{path} has an encrypt_with that is no text"
    end

    # @!visibility private
    def parse(path)
      Codec::JsonText.parse(File.read(path, encoding: Encoding::UTF_8))
    rescue SystemCallError => e
      raise ConfigurationError, "the key file #{path} can't be read: #{e.message[/\A[^@]+/].strip}"
    rescue PayloadDecodeError
      raise ConfigurationError, "the key file #{path} is no JSON"
    end

    # @!visibility private
    def key(id, text)
      text.unpack1('m0')
    rescue ArgumentError, NoMethodError
      raise ConfigurationError, "the key '#{id}' is no base64"
    end

    # @!visibility private
    def s3(text, place)
      bucket, prefix = place.split('/', 2)
      raise ConfigurationError, "the store #{text} names no bucket: it looks like s3://BUCKET/PREFIX" if bucket.to_s.empty?

      S3Store.new(bucket, prefix.to_s)
    end

    private_class_method :parts, :parse, :key, :s3
  end
end
