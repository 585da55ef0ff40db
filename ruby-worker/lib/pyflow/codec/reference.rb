# frozen_string_literal: true

require 'digest/sha2' # not 'digest': that loads SHA256 at first use, which fails when two threads use it first

require_relative '../errors'

module Pyflow
  class Codec
    # A claim check: where a value lies that is too long for SWF. Parsed and verified here; fetched elsewhere.
    # rubocop:disable Lint/StructNewOverride -- size is the contract's word
    Reference = Struct.new(:store, :key, :size, :sha256, :enc, :codecs, keyword_init: true) do
      # rubocop:enable Lint/StructNewOverride
      # @param ref [Object] the envelope's `ref`
      # @param enc [String] how to read the bytes
      # @param codecs [Array<String>] what was applied to them
      # @return [Reference]
      # @raise [PayloadDecodeError]
      def self.parse(ref, enc, codecs)
        forms = { 'store' => /\A[A-Za-z0-9_.-]{1,64}\z/, 'key' => %r{\A(?!.*\.\.)[A-Za-z0-9/_.=-]{1,512}\z},
                  'sha256' => /\A[0-9a-f]{64}\z/ }
        raise PayloadDecodeError, 'a payload has a claim check that is no object' unless ref.is_a?(Hash)

        wrong = forms.keys.find { |name| !(ref[name].is_a?(String) && forms[name].match?(ref[name])) }
        wrong ||= 'size' unless ref['size'].is_a?(Integer) && ref['size'].between?(0, (2**53) - 1)
        raise PayloadDecodeError, "a payload has a claim check whose #{wrong} is #{ref[wrong].inspect[0, 60]}" if wrong

        new(store: ref['store'], key: ref['key'], size: ref['size'], sha256: ref['sha256'], enc:, codecs:)
      end

      # @param stored [String] what a store holds, or will
      # @param store [String] its name
      # @return [Reference] to these bytes, under their own hash
      def self.of(stored, store, enc, codecs)
        sha256 = Digest::SHA256.hexdigest(stored)
        new(store:, key: "sha256/#{sha256[0, 2]}/#{sha256}", size: stored.bytesize, sha256:, enc:, codecs:)
      end

      # @return [Hash{String => Object}] the envelope's `ref`
      def ref
        { 'store' => store, 'key' => key, 'size' => size, 'sha256' => sha256 }
      end

      # @param stored [String] what the store gave
      # @return [String] the same bytes
      # @raise [PayloadDecodeError] when they are not those that were meant
      def verify(stored)
        return stored if stored.bytesize == size && Digest::SHA256.hexdigest(stored) == sha256

        raise PayloadDecodeError, "the object #{key} of store #{store} is not what the claim check says"
      end
    end
  end
end
