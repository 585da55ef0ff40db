# frozen_string_literal: true

require 'spec_helper'
require 'pyflow/tracing'
require 'pyflow/tracing/batch'
require 'support/collector'

RSpec.describe Pyflow::Tracing::Otlp do
  let(:collector) { Collector.new }
  let(:span) do
    Pyflow::Tracing::Span.new(
      name: 'perform charge', kind: :consumer, trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331',
      parent_span_id: '00f067aa0ba902b7', started_at: 1_767_225_600_000_000_000, ended_at: 1_767_225_600_250_000_000,
      attributes: { 'pyflow.activity' => 'charge', 'pyflow.started_event_id' => 6 }, outcome: 'failed', error: 'NoStock',
      links: [[Pyflow::Tracing::SpanContext.new(trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7'),
               { 'pyflow.link' => 'header' }]]
    )
  end

  let(:written) do
    { 'traceId' => '0af7651916cd43dd8448eb211c80319c', 'spanId' => 'b7ad6b7169203331', 'parentSpanId' => '00f067aa0ba902b7',
      'name' => 'perform charge', 'kind' => 5,
      'startTimeUnixNano' => '1767225600000000000', 'endTimeUnixNano' => '1767225600250000000',
      'attributes' => [
        { 'key' => 'pyflow.activity', 'value' => { 'stringValue' => 'charge' } },
        { 'key' => 'pyflow.started_event_id', 'value' => { 'intValue' => '6' } },
        { 'key' => 'pyflow.outcome', 'value' => { 'stringValue' => 'failed' } },
        { 'key' => 'error.type', 'value' => { 'stringValue' => 'NoStock' } }
      ],
      'links' => [{ 'traceId' => '4bf92f3577b34da6a3ce929d0e0e4736', 'spanId' => '00f067aa0ba902b7',
                    'attributes' => [{ 'key' => 'pyflow.link', 'value' => { 'stringValue' => 'header' } }] }],
      'status' => { 'code' => 2, 'message' => 'NoStock' } }
  end

  after { collector.close }

  it 'writes what OTLP says in JSON' do
    described_class.new("#{collector.url}/v1/traces", resource: { 'service.name' => 'cards' }).export([span])
    request = next_of(collector.requests)
    expect(request.headers['content-type']).to eq('application/json')
    expect(request.body['resourceSpans'].first['resource']['attributes'].last)
      .to eq('key' => 'service.name', 'value' => { 'stringValue' => 'cards' })
    expect(request.spans).to eq([written])
  end

  it 'is told by the variables of OpenTelemetry' do
    env = { 'OTEL_EXPORTER_OTLP_ENDPOINT' => "#{collector.url}/", 'OTEL_EXPORTER_OTLP_HEADERS' => 'X-Key=a%20b,other=c',
            'OTEL_SERVICE_NAME' => 'cards', 'OTEL_RESOURCE_ATTRIBUTES' => 'service.name=none,deployment=blue' }
    described_class.from(env).export([span])
    request = next_of(collector.requests)
    resource = request.body['resourceSpans'].first['resource']['attributes'].to_h do |one|
      [one['key'], one['value']['stringValue']]
    end
    expect([request.path, *request.headers.values_at('x-key', 'other'), *resource.values_at('service.name', 'deployment')])
      .to eq(['/v1/traces', 'a b', 'c', 'cards', 'blue'])
  end

  it 'takes the endpoint of traces as it is' do
    described_class.from({ 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' => "#{collector.url}/traces" }).export([span])
    expect(next_of(collector.requests).path).to eq('/traces')
  end

  it 'refuses an endpoint that is no URL' do
    ['localhost:4318', 'http://a b', 'ftp://host/'].each do |endpoint|
      expect do
        described_class.new(endpoint)
      end.to raise_error(ArgumentError, "the OTLP endpoint #{endpoint} is no URL of HTTP")
    end
  end

  describe Pyflow::Tracing::Batch do
    it 'hands on what waits when it is closed, and takes nothing more' do
      batch = described_class.new(Pyflow::Tracing::Otlp.new("#{collector.url}/v1/traces"), delay: 600)
      batch.export([span, span])
      batch.close
      batch.export([span])
      expect([next_of(collector.requests).spans.size, batch.dropped]).to eq([2, 1])
    end

    it 'hands on a full batch at once, and one that is not full after its delay' do
      batches = Thread::Queue.new
      exporter = Class.new { define_method(:export) { |spans| batches << spans.size } }.new
      described_class.new(exporter, size: 2, delay: 600).export([span] * 5)
      expect([next_of(batches), next_of(batches)]).to eq([2, 2])
      described_class.new(exporter, delay: 0).export([span])
      expect(next_of(batches)).to eq(1)
    end

    it 'drops what finds no room' do
      batch = described_class.new(Pyflow::Tracing::Otlp.new("#{collector.url}/v1/traces"), room: 3, delay: 600)
      batch.export([span] * 5)
      batch.close
      expect([next_of(collector.requests).spans.size, batch.dropped]).to eq([3, 2])
    end

    it 'tries again where that makes sense, and not where it does not' do
      stub_const("#{described_class}::PAUSES", [0, 0])
      log, lines = text_log
      [[503, 429], [503, 503, 503], [400]].each_with_index do |statuses, number|
        busy = Collector.new(*statuses)
        batch = described_class.new(Pyflow::Tracing::Otlp.new("#{busy.url}/v1/traces"), delay: 0, logger: log)
        batch.export([span])
        Timeout.timeout(60) { Thread.pass until busy.requests.size == [3, 3, 1][number] }
        batch.close
        expect([busy.requests.size, batch.dropped]).to eq([[3, 0], [3, 1], [1, 1]][number])
        busy.close
      end
      expect(lines).to include('1 spans are dropped: Pyflow::Tracing::Otlp::Refused: the collector answered 503')
    end

    it 'outlives a collector that is not there' do
      gone = Collector.new.tap(&:close)
      batch = described_class.new(Pyflow::Tracing::Otlp.new('http://127.0.0.1:1/v1/traces'), delay: 600)
      batch.export([span])
      batch.close
      expect([batch.dropped, gone.requests.size]).to eq([1, 0])
    end

    it 'begins anew in a process that was forked' do
      batch = described_class.new(Pyflow::Tracing::Otlp.new("#{collector.url}/v1/traces"), delay: 600)
      batch.export([span])
      child = fork do
        batch.export([span, span])
        batch.close
        exit!(0)
      end
      Process.wait(child)
      expect(next_of(collector.requests).spans.size).to eq(2)
      batch.close
      expect(next_of(collector.requests).spans.size).to eq(1)
    end
  end
end
