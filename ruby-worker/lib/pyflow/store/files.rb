# frozen_string_literal: true

require 'fileutils'
require 'securerandom'

require_relative '../errors'

module Pyflow
  # A store of payloads in a folder, such as one that all workers mount. Each object is a file below the root, at the path
  # that its key is; it is there whole or not at all.
  class FileStore
    # A key that is a path below the root.
    KEY = %r{\A(?:(?!\.{0,2}(?:/|\z))[A-Za-z0-9_.=-]+(?:/(?!\z)|\z))+\z}

    # @param root [String] a folder, made when it is written to
    def initialize(root)
      @root = root
    end

    # Writes the file, unless it is there; on the disk once this returns.
    #
    # @param key [String]
    # @param bytes [String]
    def put(key, bytes)
      path = path(key)
      return if File.exist?(path)

      FileUtils.mkdir_p(File.dirname(path))
      write(File.join(File.dirname(path), ".#{SecureRandom.hex(8)}"), path, bytes)
    end

    # @param key [String]
    # @param size [Integer]
    # @return [String, nil] what the file holds, not more than one byte beyond `size`; nil without it
    def get(key, size)
      File.open(path(key), 'rb') { |file| file.read(size + 1) || ''.b }
    rescue Errno::ENOENT
      nil
    end

    private

    def write(partial, path, bytes)
      File.open(partial, File::WRONLY | File::CREAT | File::EXCL | File::BINARY) do |file|
        file.write(bytes)
        file.fsync
      end
      File.rename(partial, path)
    ensure
      FileUtils.rm_f(partial)
    end

    def path(key)
      return File.join(@root, key) if KEY.match?(key)

      raise ConfigurationError, "the key '#{key[0, 80]}' is no path below the root of a store of files"
    end
  end
end
