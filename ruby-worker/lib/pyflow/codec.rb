# frozen_string_literal: true

require_relative 'errors'

module Pyflow
  # What goes through SWF's strings, by the contract in `protocol/`: values, claim checks, failures. No I/O.
  #
  # One object reads and writes with the same codecs; it is frozen, and threads share it.
  class Codec
    # The key by which an envelope is known.
    KEY = '$pyflow'
    # The version of the contract, which is the value of that key.
    VERSION = 1
    # Units in a result, in details and in most other fields of SWF.
    LIMIT = 32_768
    # Units in the details of a heartbeat.
    HEARTBEAT_LIMIT = 2_048

    require_relative 'codec/aes_gcm'
    require_relative 'codec/failure'
    require_relative 'codec/failure_reader'
    require_relative 'codec/failure_writer'
    require_relative 'codec/payload_reader'
    require_relative 'codec/payload_writer'
    require_relative 'codec/regular'
    require_relative 'codec/transforms'

    # @return [Codec] without codecs of the user's
    def self.default
      @default ||= new
    end

    # @param codecs [Hash{String => #encode, #decode}] the user's, by name; readers undo them
    # @param apply [Array<String>] names of those that writers apply to every payload, in this order; none at first, until
    #   every process can read them
    # @param keys [KeyRing, nil] to decrypt with, and to encrypt with after the other codecs if one of them is for that
    # @param include_stack [Boolean] whether failures tell stacks
    def initialize(codecs: {}, apply: codecs.keys, keys: nil, include_stack: true)
      @transforms = transforms(codecs, apply, keys)
      @reader = PayloadReader.new(@transforms)
      @include_stack = include_stack
      freeze
    end

    # @param text [String, nil] what an SWF field holds
    # @return [Payload]
    # @raise [PayloadDecodeError, UnsupportedPayloadVersion, UnknownCodec]
    def read(text)
      @reader.read(text)
    end

    # @param text [String, nil]
    # @return [Object] the value alone
    # @raise [PayloadError] as {#read}
    def decode(text)
      @reader.value(text)
    end

    # @param reference [Reference]
    # @param stored [String] the bytes that it names
    # @return [Object] their value
    # @raise [PayloadDecodeError] when the bytes are not those that were meant, and as {#read}
    def resolve(reference, stored)
      @reader.bytes(reference.enc, @transforms.undo(reference.verify(stored.b), reference.codecs))
    end

    # Writes a value in the first of the contract's forms that fits: plain, xjson, msgpack compressed.
    #
    # @param value [Object]
    # @param options [Hash] as {#write} takes them, without a store
    # @return [String]
    # @raise [PayloadEncodeError] for a value outside the model
    # @raise [PayloadTooLarge] for one that no form makes short enough
    def encode(value, **options)
      (regular_text(value, LIMIT) if options.empty?) || write(value, **options).text
    end

    # As {#encode}, and what fits in no form becomes a claim check on a store, if one is named. Nothing is stored
    # here: whoever sends the text stores the bytes first.
    #
    # @param value [Object]
    # @param what [String] names it in errors
    # @param limit [Integer] units
    # @param coding [Symbol] `:auto`, or `:json`, `:xjson`, `:msgpack`, which is then used
    # @param headers [Hash{String => Object}] what travels beside the value
    # @param id [String, nil] of a signal that may be sent twice
    # @param store [String, nil] its name
    # @return [PayloadWriter::Written]
    # @raise [PayloadEncodeError, PayloadTooLarge] as {#encode}
    def write(value, what: 'payload', limit: LIMIT, coding: :auto, headers: {}, id: nil, store: nil)
      if coding == :auto && headers.empty? && id.nil?
        text = regular_text(value, limit)
        return PayloadWriter::Written.new(text:) if text
      end
      size = nil
      writer = PayloadWriter.new(value, what:, transforms: @transforms, coding:, headers:, id:)
      writer.each_form do |form|
        return PayloadWriter::Written.new(text: form.text) if form.units <= limit

        size ||= form.units
      end
      claimed = writer.claim(store) if store
      return claimed if claimed && Text.units(claimed.text) <= limit

      raise Refusals.refusal(:'too-large', what:, size:, limit:)
    end

    # @param value [Object]
    # @return [String, nil] details of a heartbeat; of a value too long for one only its length
    # @raise [PayloadEncodeError] for a value outside the model
    def encode_heartbeat(value)
      return if value.nil?

      lengths = []
      PayloadWriter.new(value, what: 'heartbeat', transforms: @transforms).each_form do |form|
        return form.text if form.units <= HEARTBEAT_LIMIT

        lengths << form.units unless form.compressed
      end
      JsonText.generate({ KEY => VERSION, 'enc' => 'json', 'value' => nil, 'dropped' => lengths.min })
    end

    # @param error [Exception]
    # @return [Failure]
    def failure_of(error)
      Failure.of(error)
    end

    # @param failure [Failure]
    # @return [Array(String, String)] reason and details
    def encode_failure(failure)
      FailureWriter.new(include_stack: @include_stack, transforms: @transforms).write(failure)
    end

    # @param reason [String, nil]
    # @param details [String, nil]
    # @return [Failure] of foreign text, type is the reason and message the details
    # @raise [UnknownCodec]
    def decode_failure(reason, details)
      FailureReader.new(@transforms).read(reason, details)
    end

    private

    # The text of most values; nil for those that may need an envelope, a copy or a complaint.
    def regular_text(value, limit)
      return unless @transforms.names.empty? && Regular.value?(value) && !(value.is_a?(Hash) && value.key?(KEY))

      text = JsonText.printable(JsonText.generate_plain(value))
      text if Text.fits?(text, limit)
    end

    def transforms(codecs, apply, keys)
      unknown = apply - codecs.keys
      raise ConfigurationError, "the codec #{unknown.first} is to be applied, and is not there" if unknown.any?
      return Transforms.new(codecs, apply) if keys.nil?

      name = Aes256Gcm::NAME
      Transforms.new(codecs.merge(name => Aes256Gcm.new(keys)), [*apply, *(name if keys.encrypt_with)])
    end
  end
end
