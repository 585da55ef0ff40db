# frozen_string_literal: true

require_relative 'activity'
require_relative 'codec'
require_relative 'tracing/ids'
require_relative 'tracing/place'
require_relative 'tracing/sampler'
require_relative 'tracing/span'

module Pyflow
  # A middleware that makes a span of each call of an activity, in the trace of its run: what decider and workers of all
  # languages join, whoever of them traces (protocol/tracing.md).
  #
  #     require 'pyflow/tracing'
  #     tracing = Pyflow::Tracing.otlp
  #     Pyflow::Worker.new(domain: 'shop', task_list: 'cards', activities: [ChargeCard], middleware: [tracing]).run
  #     tracing.close
  #
  # Never in a span: inputs, results, the message of an error. Threads share it.
  class Tracing
    CURRENT = :pyflow_tracing_headers
    # Cancel reasons of a task that SWF no longer wants.
    GONE = %i[gone heartbeat_lost].freeze
    private_constant :CURRENT, :GONE

    # Sends by OTLP, as JSON over HTTP, from a thread of its own.
    #
    # @param env [Hash{String => String}] as {Otlp.from} and {Sampler.from} read it
    # @param logger [Logger, nil] is told of spans that are dropped
    # @return [Tracing]
    # @raise [ArgumentError] for what can't be right
    def self.otlp(env = ENV, logger: nil)
      require_relative 'tracing/batch'
      require_relative 'tracing/otlp'
      return new(exporter: nil, sampler: Sampler.new(0, parent_based: false)) if env['OTEL_SDK_DISABLED'] == 'true'

      new(exporter: Batch.new(Otlp.from(env), logger:), sampler: Sampler.from(env))
    end

    # What an activity sends along when it calls somebody else, so that this goes on with the trace: `traceparent`, and
    # `tracestate` and `baggage` where the workflow has them.
    #
    # @return [Hash{String => String}] empty where no traced activity is performed by this thread
    def self.headers
      Thread.current.thread_variable_get(CURRENT) || {}
    end

    # @param exporter [#export] takes an Array of {Span}s that are over, in the activity's thread; see {Batch}
    # @param sampler [Sampler] which runs are traced
    # @param clock [#call] nanoseconds since 1970
    def initialize(exporter:, sampler: Sampler.new,
                   clock: -> { Process.clock_gettime(Process::CLOCK_REALTIME, :nanosecond) })
      @exporter = exporter
      @sampler = sampler
      @clock = clock
    end

    # Performs the block as an activity, within a span.
    #
    # @param context [Activity::Context]
    def call(_task, context)
      info = context.info
      place = Place.of(info.domain, info.workflow_id, info.run_id, info.headers || {})
      span = begun(info, place)
      within(headers(span, info.headers || {}, sampled = @sampler.take?(place))) do
        result = yield
        finish(span, returned(context), nil) if sampled
        result
      rescue Exception => e # rubocop:disable Lint/RescueException -- what the worker answers for
        finish(span, *raised(e, context)) if sampled
        raise
      end
    end

    # Lets the exporter send what waits, where it can.
    def close
      @exporter.close if @exporter.respond_to?(:close)
    end

    private

    def begun(info, place)
      Span.new(
        name: "perform #{info.name}", kind: :consumer, trace_id: place.trace_id,
        span_id: Ids.span_id(info.run_id, info.activity_id, info.started_event_id.to_i),
        parent_span_id: place.parent_span_id, started_at: @clock.call, attributes: attributes(info),
        trace_state: (info.headers || {})['tracestate'].then { |state| state if state.is_a?(String) },
        links: place.link ? [[place.link, { 'pyflow.link' => 'header' }]] : []
      )
    end

    def attributes(info)
      { 'pyflow.domain' => info.domain, 'pyflow.workflow_id' => info.workflow_id, 'pyflow.run_id' => info.run_id,
        'pyflow.activity' => info.name, 'pyflow.version' => info.version, 'pyflow.activity_id' => info.activity_id,
        'pyflow.task_list' => info.task_list, 'pyflow.started_event_id' => info.started_event_id.to_i,
        'pyflow.attempt' => info.attempt.then { |attempt| attempt if attempt.is_a?(Integer) } }.compact
    end

    def headers(span, given, sampled)
      own = SpanContext.new(trace_id: span.trace_id, span_id: span.span_id, sampled:).to_s
      given.slice('tracestate', 'baggage').select { |_, text| text.is_a?(String) }.merge('traceparent' => own)
    end

    def within(headers)
      before = Thread.current.thread_variable_get(CURRENT)
      Thread.current.thread_variable_set(CURRENT, headers)
      yield
    ensure
      Thread.current.thread_variable_set(CURRENT, before)
    end

    def returned(context)
      return 'dropped' if GONE.include?(context.cancellation.reason)

      context.complete_later? ? 'deferred' : 'completed'
    end

    def raised(error, context)
      reason = context.cancellation.reason
      return ['dropped', nil] if GONE.include?(reason)
      return ['failed', Codec::Text.scrub(Codec::Failure.type_of(error))] unless error.is_a?(ActivityCanceled) && reason

      reason == :worker_shutdown ? ['handed_back', 'pyflow.WorkerShutdown'] : ['canceled', nil]
    end

    # An exporter that raises must not fail the activity.
    def finish(span, outcome, error)
      span.outcome = outcome
      span.error = error
      span.ended_at = @clock.call
      @exporter.export([span])
    rescue StandardError => e
      warn "pyflow: a span is lost: #{e.class}: #{e.message}"
    end
  end
end
