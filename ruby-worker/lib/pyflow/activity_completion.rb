# frozen_string_literal: true

require_relative 'activity'
require_relative 'payloads'
require_relative 'swf'
require_relative 'worker/faults'

module Pyflow
  # Answers an activity task that {Activity::Context#complete_later} left to somebody else: another process, a web hook,
  # a person. It has the task's token, and the codec, keys and stores that the worker has.
  #
  #     Pyflow::ActivityCompletion.new(token).complete({ 'approved' => true })
  #
  # Each answer is given once, before the task times out. What SWF throttles or a network loses is sent again as the
  # client does it; then its error is raised.
  class ActivityCompletion
    # @param token [String] the task token
    # @param client [Aws::SWF::Client, SWF::Client, nil] by default one for `endpoint` and `region`
    # @param endpoint [String, nil] as {SWF.connect} takes it
    # @param region [String, nil] as {SWF.connect} takes it
    # @param codec [Codec]
    # @param stores [Hash{String => #put, #get}] as {Payloads} takes them
    # @raise [ConfigurationError] as {SWF.connect}
    def initialize(token, client: nil, endpoint: nil, region: nil, codec: Codec.default, stores: {})
      @token = token
      @client = client || SWF.connect(endpoint:, region:)
      @codec = Payloads.new(codec, stores:)
    end

    # @param result [Object] any value of the contract
    # @return [Boolean] whether SWF took it; it does not when it no longer knows the task
    # @raise [PayloadEncodeError, PayloadTooLarge, PayloadUnavailable] for a result that can't be sent
    def complete(result = nil)
      result = @codec.encode(result, what: 'result') unless result.nil?
      answer { @client.respond_activity_task_completed({ task_token: @token, result: }.compact) }
    end

    # @param error [Exception] such as an {ApplicationError}
    # @return [Boolean] as {#complete}
    def fail(error)
      reason, details = @codec.encode_failure(@codec.failure_of(error))
      answer { @client.respond_activity_task_failed(task_token: @token, reason:, details:) }
    end

    # Says that the activity has stopped, as the decider had asked.
    #
    # @param details [Object] any value of the contract
    # @return [Boolean] as {#complete}
    # @raise [PayloadError] as {#complete}
    def cancel(details = nil)
      details = @codec.encode(details, what: 'cancel details') unless details.nil?
      answer { @client.respond_activity_task_canceled({ task_token: @token, details: }.compact) }
    end

    # Tells SWF that the activity lives; the worker does not any more.
    #
    # @param details [Object] any value of the contract
    # @raise [ActivityCanceled] of a task that the decider asked to cancel (`:requested`), or that is closed (`:gone`)
    def heartbeat(details = nil)
      details = @codec.encode_heartbeat(details)
      status = @client.record_activity_task_heartbeat({ task_token: @token, details: }.compact)
      raise ActivityCanceled, :requested if status.cancel_requested
    rescue ActivityCanceled
      raise
    rescue StandardError => e
      raise unless Worker::Faults.unknown_resource?(e)

      raise ActivityCanceled, :gone
    end

    private

    def answer
      yield
      true
    rescue StandardError => e
      raise unless Worker::Faults.unknown_resource?(e)

      false
    end
  end
end
