# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Codec do
  def omissions(document)
    document && [document['details_omitted'], document['cause_omitted'], omissions(document['cause'])]
  end

  def noted_omissions(notation)
    notation && [notation['details_omitted'], notation['cause_omitted'], noted_omissions(notation['cause'])]
  end

  def document(details, codecs)
    envelope = JSON.parse(details, max_nesting: 200)
    return envelope['failure'] unless codecs

    expect(envelope.values_at('enc', 'codecs')).to eq(['failure', codecs])
    bytes = Pyflow::Codec::Transforms.new(Notation.codecs).undo(envelope['data'].unpack1('m0'), codecs)
    JSON.parse(bytes.force_encoding('UTF-8'))
  end

  Notation.vectors('failures/read-*.json').each do |vector|
    it "reads: #{vector['name']}" do
      codec = described_class.new(codecs: Notation.codecs)
      texts = vector.values_at('reason', 'details').map { |text| text && Notation.text(text) }
      error = vector['error'] && Pyflow.const_get(vector['error'])
      next expect { codec.decode_failure(*texts) }.to(raise_error(error, vector['sentence'])) if error

      failure = codec.decode_failure(*texts)
      expect(Notation.same_failure(failure)).to eq(Notation.same_failure(Notation.failure(vector['failure'])))
    end
  end

  Notation.vectors('failures/write-*.json').each do |vector|
    it "writes: #{vector['name']}" do
      failure = Notation.failure(vector['failure'])
      codec = described_class.new(codecs: Notation.codecs(vector['codecs'] || []),
                                  include_stack: vector.fetch('include_stack', true))
      reason, details = codec.encode_failure(failure)
      squeeze = ->(text) { text.gsub(/\u{fffd}+/, "\u{fffd}") }
      expect(squeeze.call(reason)).to eq(squeeze.call(Notation.text(vector['reason'])))
      expect(Pyflow::Codec::Text.units(details)).to be <= 32_768
      expected = Notation.failure(vector['document'])
      expect(Notation.same_failure(codec.decode_failure(reason, details))).to eq(Notation.same_failure(expected))
      expect(omissions(document(details, vector['codecs']))).to eq(noted_omissions(vector['document']))
    end
  end
end
