# frozen_string_literal: true

require 'spec_helper'
require 'pyflow/tracing'
require 'pyflow/tracing/otlp'

RSpec.describe Pyflow::Tracing do
  include Working

  # Keeps spans.
  let(:kept) do
    Class.new do
      def spans = @spans ||= []

      def export(more) = spans.concat(more)
    end.new
  end
  let(:tracing) { described_class.new(exporter: kept, clock: [1_000, 3_500].cycle.method(:next)) }
  let(:trace_id) { described_class::Ids.trace_id('shop', 'w', 'r') }

  def traced(input = nil, **settings, &block)
    perform(activity(&block), input:, middleware: [tracing], **settings)
    kept.spans.first
  end

  def enveloped(headers)
    Pyflow::Codec.default.encode(1, headers:)
  end

  it 'makes a span of a call, below that of the run' do
    span = traced { 'a result' }
    expect(span.to_h).to eq(
      name: 'perform step', kind: :consumer, trace_id:, span_id: described_class::Ids.span_id('r', 'activity1', 7),
      parent_span_id: described_class::Ids.run_span_id('r'), trace_state: nil, started_at: 1_000, ended_at: 3_500,
      attributes: { 'pyflow.domain' => 'shop', 'pyflow.workflow_id' => 'w', 'pyflow.run_id' => 'r',
                    'pyflow.activity' => 'step', 'pyflow.version' => '1', 'pyflow.activity_id' => 'activity1',
                    'pyflow.task_list' => 'cards', 'pyflow.started_event_id' => 7 },
      outcome: 'completed', error: nil, links: []
    )
  end

  it 'leaves the result as it is' do
    expect(perform(activity { 'a result' }, middleware: [tracing]).last[:result]).to eq('"a result"')
  end

  it 'says of what type an error is, and nothing of its message' do
    span = traced { raise Pyflow::ApplicationError.new('a secret', type: 'NoStock') }
    expect([span.outcome, span.error, span.failed?]).to eq(['failed', 'NoStock', true])
    expect(span.to_s).not_to include('a secret')
  end

  it 'says so of what is no StandardError' do
    expect(traced { exit(3) }.error).to eq('SystemExit')
  end

  it 'lets the error fail the task as ever' do
    expect(failure(perform(activity { raise ArgumentError, 'no' }, middleware: [tracing])).type).to eq('ArgumentError')
  end

  {
    requested: ['canceled', nil], worker_shutdown: ['handed_back', 'pyflow.WorkerShutdown'],
    gone: ['dropped', nil], heartbeat_lost: ['dropped', nil]
  }.each do |reason, outcome|
    it "tells what it means that an activity stopped: #{reason}" do
      context = Pyflow::Activity::Context.new(
        info: Pyflow::Activity::Info.new(domain: 'shop', workflow_id: 'w', run_id: 'r', activity_id: 'a', name: 'step'),
        cancellation: Pyflow::Activity::Cancellation.new.tap { |cancellation| cancellation.request(reason) },
        logger: nil, beat: nil
      )
      expect { tracing.call(nil, context) { context.check! } }.to raise_error(Pyflow::ActivityCanceled)
      expect([kept.spans.first.outcome, kept.spans.first.error]).to eq(outcome)
    end
  end

  it 'tells that the answer was left to somebody else' do
    left = Thread::Queue.new
    swf.put('step')
    working = worker(activity { left << Pyflow::Activity::Context.current.complete_later }, middleware: [tracing]).start
    next_of(left)
    swf.end_polls
    working.stop
    expect(kept.spans.first.outcome).to eq('deferred')
  end

  it 'has the attempt, the links and the state that headers tell' do
    other = '4bf92f3577b34da6a3ce929d0e0e4736'
    span = traced(enveloped('attempt' => 2, 'traceparent' => "00-#{other}-00f067aa0ba902b7-01",
                            'tracestate' => 'vendor=1')) { |_| nil }
    to, said = span.links.first
    expect([span.attributes['pyflow.attempt'], span.trace_state, to.trace_id, said])
      .to eq([2, 'vendor=1', other, { 'pyflow.link' => 'header' }])
  end

  it 'gives an activity the headers that go on with the trace' do
    seen = nil
    subject = described_class
    own = "00-#{trace_id}-#{described_class::Ids.run_span_id('r')}-01"
    traced(enveloped('traceparent' => own, 'baggage' => 'tenant=blue')) { |_| seen = subject.headers }
    span = "00-#{trace_id}-#{described_class::Ids.span_id('r', 'activity1', 7)}-01"
    expect([seen, described_class.headers]).to eq([{ 'baggage' => 'tenant=blue', 'traceparent' => span }, {}])
  end

  it 'makes no span of a run that its header says is not sampled' do
    own = "00-#{trace_id}-#{described_class::Ids.run_span_id('r')}-00"
    expect(traced(enveloped('traceparent' => own)) { |_| nil }).to be_nil
  end

  it 'is no reason for an activity to fail' do
    broken = Class.new { def export(_) = raise('the exporter is broken') }.new
    answer = nil
    expect { answer = perform(activity { 1 }, middleware: [described_class.new(exporter: broken)]) }
      .to output("pyflow: a span is lost: RuntimeError: the exporter is broken\n").to_stderr
    expect(answer.last[:result]).to eq('1')
  end

  it 'does what docs/tracing.md shows' do
    stub_const('Receipt', activity('receipt') { |order| order })
    page = File.read(File.expand_path('../../../docs/tracing.md', __dir__))
    worker = TOPLEVEL_BINDING.dup.eval(page[/^```ruby\n(.*?)^```/m, 1])
    expect(worker).to be_a(Pyflow::Worker)
  end

  describe described_class::Sampler do
    let(:place) { Pyflow::Tracing::Place.of('shop', 'order-7', 'run-1', {}) } # whose trace id is at 0.766 of its range

    it 'sees the trace id' do
      expect([0, 0.75, 0.77, 1].map { |ratio| described_class.new(ratio).take?(place) }).to eq([false, false, true, true])
    end

    it 'is told by the variables of OpenTelemetry' do
      env = { 'OTEL_TRACES_SAMPLER' => 'traceidratio', 'OTEL_TRACES_SAMPLER_ARG' => '0.75' }
      place.sampled = true
      told = [{}, { 'OTEL_TRACES_SAMPLER' => 'always_off' }, { 'OTEL_TRACES_SAMPLER' => 'parentbased_always_off' }, env]
      expect(told.map { |one| described_class.from(one).take?(place) }).to eq([true, false, true, false])
    end

    it 'refuses what is none' do
      expect { described_class.from({ 'OTEL_TRACES_SAMPLER' => 'some' }) }.to raise_error(ArgumentError, /is some: it takes/)
      expect do
        described_class.new(1.5)
      end.to raise_error(ArgumentError, 'the ratio of traces is 1.5: it takes a number from 0 to 1')
      expect { described_class.from({ 'OTEL_TRACES_SAMPLER' => 'traceidratio', 'OTEL_TRACES_SAMPLER_ARG' => 'x' }) }
        .to raise_error(ArgumentError, 'OTEL_TRACES_SAMPLER_ARG is x: it takes a number from 0 to 1')
    end
  end
end
