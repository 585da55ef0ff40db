# frozen_string_literal: true

# Activity workers for workflows on Amazon SWF that pyflow deciders, or any others, run.
#
# Every error of pyflow's own is below {Pyflow::Error}; the branches are what a reader can do about them:
#
#     Error
#     ├─ ApplicationError             raise it in an activity to fail with a type of your own
#     ├─ ActivityCanceled             what a heartbeat raises once the activity should stop
#     ├─ PayloadError                 a value or a text that the contract has no place for
#     │  ├─ PayloadEncodeError  └─ PayloadTooLarge
#     │  ├─ PayloadDecodeError
#     │  ├─ UnsupportedPayloadVersion
#     │  ├─ UnknownCodec
#     │  └─ PayloadUnavailable
#     ├─ InputMismatch                the input does not fit the activity's `call`
#     └─ ConfigurationError           the worker can't run as it was set up; one sentence says why
module Pyflow
  # Root of pyflow's errors.
  class Error < StandardError; end

  # Raise it in an activity to fail with a type that the workflow can match on.
  #
  #     raise Pyflow::ApplicationError.new('card declined', type: 'CardDeclined', non_retryable: true,
  #                                        details: { 'code' => 7 })
  class ApplicationError < Error
    # @return [String] a stable name such as `CardDeclined`, cut to 256 characters on the way
    attr_reader :type
    # @return [Object] any value of the contract
    attr_reader :details
    # @return [Numeric, nil] seconds before another attempt makes sense
    attr_reader :retry_after

    # @param message [String] for people; workflows match on `type`
    # @param type [String, nil] of a subclass the default is its own name, else `ApplicationError`
    # @param non_retryable [Boolean] whether trying again is useless
    # @param details [Object] any value of the contract
    # @param retry_after [Numeric, nil] seconds before another attempt makes sense
    def initialize(message = '', type: nil, non_retryable: false, details: nil, retry_after: nil)
      super(message)
      @type = (type || own_name).to_s
      @non_retryable = non_retryable
      @details = details
      @retry_after = retry_after
    end

    # @return [Boolean] whether trying again is useless
    def non_retryable?
      @non_retryable
    end

    private

    def own_name
      (self.class.name || 'ApplicationError').delete_prefix('Pyflow::')
    end
  end

  # Raised by a heartbeat, `check!` or `sleep` once the activity should stop; let it pass, or clean up
  # and raise it again.
  class ActivityCanceled < Error
    # @return [Symbol] `:requested`, `:gone`, `:heartbeat_lost` or `:worker_shutdown`
    attr_reader :reason
    # @return [Object] any value of the contract; set it before raising again to tell the decider something
    attr_accessor :details

    # @param reason [Symbol]
    # @param details [Object]
    def initialize(reason = :requested, details: nil)
      super("activity canceled: #{reason}")
      @reason = reason
      @details = details
    end
  end

  # A value that can't be sent, or a text that is no payload.
  class PayloadError < Error; end

  # The value, or a part of it at the path given, is outside the contract's value model.
  class PayloadEncodeError < PayloadError; end

  # The encoded value is longer than the SWF field that must hold it.
  class PayloadTooLarge < PayloadEncodeError; end

  # The text is not a payload of the contract.
  class PayloadDecodeError < PayloadError; end

  # The payload says a `$pyflow` version other than 1: written by a newer pyflow.
  class UnsupportedPayloadVersion < PayloadError; end

  # The payload needs a codec, or a key of one, that is not configured here.
  class UnknownCodec < PayloadError; end

  # The payload lies in a store that is not configured here, can't be reached, or does not have it.
  class PayloadUnavailable < PayloadError; end

  # The input does not fit the parameters of the activity's `call`, or the shape that it declares; the message has the path.
  class InputMismatch < Error; end

  # The worker can't run as it was set up; the message is one sentence that says what would help.
  class ConfigurationError < Error; end
end
