# frozen_string_literal: true

require 'digest/sha2' # not 'digest': that loads SHA256 at first use, which fails when two threads use it first

require_relative 'refusals'
require_relative 'shown'

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
        refuse(:'ref-kind', ref) unless ref.is_a?(Hash)
        forms.each { |name, fits| refuse(:"ref-#{name}", ref[name]) unless fits.call(ref[name]) }
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
        at = { key:, store: Shown.quoted(store) }
        raise Refusals.refusal(:'object-size', found: stored.bytesize, size:, **at) unless stored.bytesize == size
        raise Refusals.refusal(:'object-hash', **at) unless Digest::SHA256.hexdigest(stored) == sha256

        stored
      end

      # In the order in which they are looked at.
      def self.forms
        text = ->(form) { ->(part) { part.is_a?(String) && form.match?(part) } }
        { 'store' => text.call(/\A[A-Za-z0-9_.-]{1,64}\z/),
          'key' => text.call(%r{\A(?!.*\.\.)[A-Za-z0-9/_.=-]{1,512}\z}),
          'size' => ->(part) { part.is_a?(Integer) && part.between?(0, (2**53) - 1) },
          'sha256' => text.call(/\A[0-9a-f]{64}\z/) }
      end
      private_class_method :forms

      def self.refuse(code, found)
        raise Refusals.refusal(code, found: Shown.value(found))
      end
      private_class_method :refuse
    end
  end
end
