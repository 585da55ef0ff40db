# frozen_string_literal: true

require 'spec_helper'
require 'pyflow/tracing'

RSpec.describe Pyflow::Tracing::Ids do
  def found(vector)
    if vector.key?('digest')
      bytes = [vector['digest']].pack('H*')
      { 'trace_id' => described_class.trace_id_of(bytes), 'span_id' => described_class.span_id_of(bytes) }
    elsif vector.key?('trace_id')
      { 'trace_id' => described_class.trace_id(*vector.values_at('domain', 'workflow_id', 'run_id')) }
    else
      { 'span_id' => described_class.span_id(*vector.values_at('run_id', 'activity_id', 'started_event_id')) }
    end
  end

  Notation.vectors('tracing/ids.json').each do |vector|
    it("derives: #{vector['name']}") { expect(found(vector)).to eq(vector.slice('trace_id', 'span_id')) }
  end

  Notation.vectors('tracing/context.json').each do |vector|
    it "finds its place: #{vector['name']}" do
      place = Pyflow::Tracing::Place.of(*vector.values_at('domain', 'workflow_id', 'run_id', 'headers'))
      link = place.link && { 'trace_id' => place.link.trace_id, 'span_id' => place.link.span_id }
      expect([place.trace_id, place.parent_span_id, place.sampled, link])
        .to eq(vector.values_at('trace_id', 'parent_span_id', 'sampled', 'link'))
    end
  end

  it 'writes a traceparent as it reads it' do
    text = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    expect(Pyflow::Tracing::SpanContext.from(text).to_s).to eq(text)
  end
end
