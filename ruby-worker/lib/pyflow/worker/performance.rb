# frozen_string_literal: true

require_relative 'middleware'
require_relative 'outcome'

module Pyflow
  class Worker
    # One task performed: payload in, activity, outcome out. It answers nothing itself.
    class Performance
      # Errors of pyflow's own that have a reserved type in the contract: the type, and whether trying
      # again is useless. The first that fits counts.
      RESERVED = {
        PayloadDecodeError => ['pyflow.PayloadDecodeError', true],
        UnsupportedPayloadVersion => ['pyflow.UnsupportedPayloadVersion', true],
        UnknownCodec => ['pyflow.UnknownCodec', false],
        PayloadUnavailable => ['pyflow.PayloadUnavailable', false],
        InputMismatch => ['pyflow.ArgumentError', true],
        PayloadTooLarge => ['pyflow.ResultTooLarge', true],
        PayloadEncodeError => ['pyflow.ResultEncodeError', true]
      }.freeze

      # Cancel reasons that say that SWF has closed the task, or must have.
      CLOSED = %i[gone heartbeat_lost].freeze

      # @return [Activity::Cancellation]
      attr_reader :cancellation

      # @param shop [Processor::Shop]
      # @param entry [Roster::Entry]
      # @param task [Task]
      def initialize(shop, entry, task)
        @shop = shop
        @entry = entry
        @definition = entry.definition
        @task = task
        @headers = {}
        @cancellation = Activity::Cancellation.new
      end

      # Runs the activity.
      #
      # @return [Outcome]
      def outcome
        args, keywords = accept
      rescue PayloadError, InputMismatch => e
        refused(e)
      else
        unless_closed { watched { |context| perform(context, args, keywords) } }
      end

      # @param option [Symbol] `:start_to_close_timeout` or `:heartbeat_timeout`
      # @return [Numeric, nil] seconds: of this task if the decider told, else of its type
      def timeout(option)
        told = @headers[option.to_s]
        told.is_a?(Numeric) && told.positive? ? told : @definition.public_send(option)
      end

      private

      def accept
        payload = @shop.codec.read(@task.input)
        @headers = payload.headers
        @entry.arguments.for(payload.value)
      end

      def watched
        @shop.heartbeats.watch(@task, cancellation, timeout: timeout(:heartbeat_timeout),
                                                    auto: @definition.heartbeat == :auto) do |record|
          beat = ->(details) { record.call(@shop.codec.encode_heartbeat(details)) }
          yield Activity::Context.new(info:, cancellation:, logger: @shop.logger, beat:)
        end
      end

      def perform(context, args, keywords)
        result = Activity::Context.with(context) { invoke(context, args, keywords) }
      rescue ActivityCanceled => e
        canceled(e)
      rescue SignalException
        raise
      rescue Exception => e # rubocop:disable Lint/RescueException -- SystemStackError, NoMemoryError, SystemExit too
        Outcome::Failed.new(@shop.codec.failure_of(e))
      else
        context.complete_later? ? Outcome::Unanswered.new(:deferred) : completed(result)
      end

      # SWF has closed the task, so whatever came of it interests nobody.
      def unless_closed
        outcome = yield
        CLOSED.include?(cancellation.reason) ? Outcome::Unanswered.new(cancellation.reason) : outcome
      end

      def invoke(context, args, keywords)
        activity = @entry.activity
        Middleware.around(@shop.middleware, @task, context) { activity.call(*args, **keywords) }
      end

      def completed(result)
        Outcome::Completed.new(result.nil? ? nil : @shop.codec.encode(result, what: "result of activity #{@definition}"))
      rescue PayloadError => e
        refused(e)
      end

      def refused(error)
        type, non_retryable = RESERVED.find { |known, _| error.is_a?(known) }.last
        Outcome.failed(type, error.message, non_retryable:)
      end

      # Only what the decider asked for is answered as canceled.
      def canceled(error)
        case cancellation.reason
        when :requested then Outcome::Canceled.new(cancel_details(error.details))
        when :worker_shutdown then Outcome.shutdown
        else Outcome::Failed.new(@shop.codec.failure_of(error))
        end
      end

      def cancel_details(value)
        @shop.codec.encode(value, what: "cancel details of activity #{@definition}") unless value.nil?
      rescue PayloadError => e
        @shop.logger.warn { "#{@task} is answered canceled without details: #{e.message}" }
        nil
      end

      def info
        Activity::Info.new(
          task_token: @task.token, activity_id: @task.activity_id, name: @task.name, version: @task.version,
          workflow_id: @task.workflow_id, run_id: @task.run_id, domain: @shop.domain, task_list: @shop.task_list,
          attempt: @headers['attempt'], headers: @headers, last_heartbeat: @headers['last_heartbeat'],
          started_event_id: @task.started_event_id
        ).freeze
      end
    end
  end
end
