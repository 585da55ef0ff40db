# frozen_string_literal: true

require_relative 'codec'

module Pyflow
  # A {Codec} with stores: what lies in one is fetched, what does not fit SWF is stored. This does I/O; threads share one.
  #
  # A store is an object with `put(key, bytes)` and `get(key, size)`; the latter gives the bytes, of which `size`
  # and one more are enough, or nil where there are none under that key. Whatever a store raises is read as: it
  # can't be reached.
  class Payloads
    # How the text of an envelope begins.
    ENVELOPE = '{"$pyflow":1,'
    private_constant :ENVELOPE

    # What a store may be called.
    NAME = /\A[A-Za-z0-9_.-]{1,64}\z/

    # @param codec [Codec]
    # @param stores [Hash{String => #put, #get}] by name; the first is written to, all are read
    # @raise [ConfigurationError] for a name that payloads can't carry
    def initialize(codec = Codec.default, stores: {})
      wrong = stores.keys.find { |name| !NAME.match?(name) }
      raise ConfigurationError, "a store has the name '#{wrong[0, 80]}', which must match [A-Za-z0-9_.-]{1,64}" if wrong

      @codec = codec
      @stores = stores
    end

    # @param text [String, nil] what an SWF field holds
    # @return [Codec::Payload] its value fetched, where it is a claim check
    # @raise [PayloadDecodeError, UnsupportedPayloadVersion, UnknownCodec, PayloadUnavailable]
    def read(text)
      payload = @codec.read(text)
      claim = payload.value
      payload.value = @codec.resolve(claim, fetch(claim)) if claim.is_a?(Codec::Reference)
      last = payload.headers['last_heartbeat']
      payload.headers = { **payload.headers, 'last_heartbeat' => @codec.decode(last) } if sealed?(last)
      payload
    end

    # @param value [Object]
    # @param what [String] names it in errors
    # @return [String] for an SWF field; what does not fit is in the store by then
    # @raise [PayloadEncodeError, PayloadTooLarge, PayloadUnavailable]
    def encode(value, what: 'payload')
      written = @codec.write(value, what:, store: @stores.keys.first)
      keep(written, what) if written.claim
      written.text
    end

    # @return [String, nil] as {Codec#encode_heartbeat}; never a claim check
    def encode_heartbeat(details)
      @codec.encode_heartbeat(details)
    end

    # @return [Codec::Failure] as {Codec#failure_of}
    def failure_of(error)
      @codec.failure_of(error)
    end

    # @return [Array(String, String)] as {Codec#encode_failure}
    def encode_failure(failure)
      @codec.encode_failure(failure)
    end

    private

    # Whether a header is the text of a payload in codecs (protocol/worker.md, "Keys and stores").
    def sealed?(header)
      header.is_a?(String) && header.start_with?(ENVELOPE) && header.include?('"codecs":')
    end

    def fetch(claim)
      refuse(:'claim-size', size: claim.size) if claim.size > Codec::Transforms::LIMIT
      get(store(claim.store), claim) || refuse(:'object-missing', store: quoted(claim.store), key: claim.key)
    end

    def store(name)
      @stores.fetch(name) do
        refuse(:'store-unknown', store: quoted(name), known: Codec::Shown.known(@stores.keys))
      end
    end

    def get(store, claim)
      store.get(claim.key, claim.size)
    rescue StandardError => e
      refuse(:'store-read', store: quoted(claim.store), why: told(e))
    end

    def keep(written, what)
      @stores.fetch(written.claim.store).put(written.claim.key, written.stored)
    rescue StandardError => e
      refuse(:'store-write', what:, store: quoted(written.claim.store), why: told(e))
    end

    def told(error)
      Codec::Text.scrub("#{error.class}: #{error.message}").split.join(' ')
    end

    def quoted(name)
      Codec::Shown.quoted(name)
    end

    def refuse(code, **slots)
      raise Codec::Refusals.refusal(code, **slots)
    end
  end
end
