# frozen_string_literal: true

require 'openssl'

require_relative 'refusals'
require_relative 'shown'

module Pyflow
  class Codec
    # Keys of 32 bytes by their ids: all decrypt, one encrypts. To change keys, give the new one to every process,
    # then let it encrypt; keep the old one for as long as histories and stores hold what it encrypted.
    class KeyRing
      # Bytes of a key.
      KEY_BYTES = 32
      # What a key's id looks like.
      KEY_ID = /\A[A-Za-z0-9_.-]{1,64}\z/

      # @return [String, nil] the id of the key that encrypts
      attr_reader :encrypt_with

      # @param keys [Hash{String => String}] bytes by id
      # @param encrypt_with [String, nil] an id; nil to read what is encrypted and write in the clear, as while keys are
      #   being handed out
      # @raise [ConfigurationError] for a key or an id that can't be
      def initialize(keys, encrypt_with: nil)
        keys.each { |id, key| check(id, key) }
        unless encrypt_with.nil? || keys.key?(encrypt_with)
          raise ConfigurationError, "a key ring encrypts with '#{encrypt_with}', and has no such key"
        end

        @keys = keys.transform_values(&:b).freeze
        @encrypt_with = encrypt_with
      end

      # @return [Array<String>]
      def ids
        @keys.keys
      end

      # @param id [String]
      # @return [String, nil] bytes
      def [](id)
        @keys[id]
      end

      # @return [String] no key among it
      def inspect
        "#<#{self.class} #{ids.join(', ')}; encrypts with #{encrypt_with || 'none'}>"
      end

      private

      def check(id, key)
        unless KEY_ID.match?(id)
          raise ConfigurationError, "a key ring has the key id '#{id[0, 60]}', which must match [A-Za-z0-9_.-]{1,64}"
        end
        return if key.bytesize == KEY_BYTES

        raise ConfigurationError, "the key '#{id}' has #{key.bytesize} bytes, and AES-256 takes #{KEY_BYTES}: " \
                                  'draw random ones'
      end
    end

    # The codec `aes-256-gcm` (protocol/payload.md, "Encryption"). Threads share one.
    class Aes256Gcm
      # The name that envelopes carry.
      NAME = 'aes-256-gcm'
      # The first byte.
      VERSION = 1
      NONCE_BYTES = 12
      TAG_BYTES = 16
      AAD = 'pyflow/1'
      private_constant :NONCE_BYTES, :TAG_BYTES, :AAD

      # @param keys [KeyRing]
      # @param nonce [#call] gives 12 bytes, never the same twice under one key
      def initialize(keys, nonce: -> { OpenSSL::Random.random_bytes(NONCE_BYTES) })
        @keys = keys
        @nonce = nonce
      end

      # @param bytes [String]
      # @return [String] the same, encrypted under a new nonce
      def encode(bytes)
        id = @keys.encrypt_with
        raise ConfigurationError, "the codec #{NAME} has no key to encrypt with: name one in encrypt_with" if id.nil?

        nonce = @nonce.call
        cipher = cipher(@keys[id], nonce, &:encrypt)
        sealed = bytes.empty? ? cipher.final : cipher.update(bytes) + cipher.final
        [VERSION, id.bytesize].pack('CC') + id.b + nonce + sealed + cipher.auth_tag(TAG_BYTES)
      end

      # @param bytes [String] what {#encode} made
      # @return [String]
      # @raise [PayloadDecodeError] for bytes that can't be it
      # @raise [UnknownCodec] for a key that is not here
      def decode(bytes)
        version, length = bytes.unpack('CC')
        refuse(:'aes-version', found: version) unless version.nil? || version == VERSION
        start = 2 + length.to_i
        refuse(:'aes-size', size: bytes.bytesize) if start == 2 || bytes.bytesize < start + NONCE_BYTES + TAG_BYTES
        unseal(bytes, start, key(bytes.byteslice(2, length)))
      end

      private

      def key(id)
        refuse(:'aes-key-id') unless KeyRing::KEY_ID.match?(id)
        @keys[id.force_encoding(Encoding::UTF_8)] ||
          refuse(:'key-unknown', key: Shown.quoted(id), known: Shown.known(@keys.ids))
      end

      def unseal(bytes, start, key)
        cipher = cipher(key, bytes.byteslice(start, NONCE_BYTES), &:decrypt)
        cipher.auth_tag = bytes.byteslice(-TAG_BYTES, TAG_BYTES)
        sealed = bytes.byteslice(start + NONCE_BYTES, bytes.bytesize - start - NONCE_BYTES - TAG_BYTES)
        sealed.empty? ? cipher.final : cipher.update(sealed) + cipher.final
      rescue OpenSSL::Cipher::CipherError
        refuse(:'aes-tag')
      end

      def cipher(key, nonce)
        cipher = OpenSSL::Cipher.new('aes-256-gcm')
        yield cipher
        cipher.key = key
        cipher.iv = nonce
        cipher.auth_data = AAD
        cipher
      end

      def refuse(code, **slots)
        raise Refusals.refusal(code, **slots)
      end
    end
  end
end
