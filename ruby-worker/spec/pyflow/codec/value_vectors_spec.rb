# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Codec::Values do
  codings = {
    'plain' => [
      lambda do |value|
        values = described_class.new('payload')
        canonical = values.canonical(value)
        raise Pyflow::PayloadEncodeError, 'no plain form' unless values.plain?

        Pyflow::Codec::JsonText.generate(canonical)
      end,
      ->(text) { Pyflow::Codec::Xjson.plain(Pyflow::Codec::JsonText.parse(text)) }
    ],
    'xjson' => [
      lambda do |value|
        Pyflow::Codec::JsonText.generate(Pyflow::Codec::Xjson.tag(described_class.new('payload').canonical(value)))
      end,
      ->(text) { Pyflow::Codec::Xjson.untag(Pyflow::Codec::JsonText.parse(text)) }
    ],
    'msgpack' => [
      ->(value) { Pyflow::Codec::Packed.pack(described_class.new('payload').canonical(value)).unpack1('H*') },
      ->(hex) { Pyflow::Codec::Packed.unpack([hex].pack('H*')) }
    ]
  }

  Notation.vectors('values/*.json').each do |vector|
    codings.each do |coding, (encode, decode)|
      refusal = vector['error'] && [Pyflow.const_get(vector['error']), Notation.sentence(vector, coding)]
      if vector['error'] && vector.key?('value')
        it "refuses to write in #{coding}: #{vector['name']}" do
          expect { encode.call(Notation.value(vector['value'])) }.to raise_error(*refusal)
        end
      elsif vector['error']
        next unless vector.key?(coding)

        it "refuses to read from #{coding}: #{vector['name']}" do
          expect { decode.call(Notation.text(vector[coding])) }.to raise_error(*refusal)
        end
      elsif vector.key?(coding) && vector[coding].nil?
        it "has no #{coding} form: #{vector['name']}" do
          expect { encode.call(Notation.value(vector['value'])) }.to raise_error(Pyflow::PayloadEncodeError)
        end
      elsif vector.key?(coding)
        it "reads from #{coding}: #{vector['name']}" do
          read = decode.call(Notation.text(vector[coding]))
          expect(Notation.comparable(read)).to eq(Notation.comparable(Notation.value(vector['value'])))
        end

        next if vector['direction'] == 'decode'

        it "writes in #{coding}: #{vector['name']}" do
          written = encode.call(Notation.value(vector['value']))
          expected = Notation.text(vector[coding])
          next expect(written).to eq(expected) if coding == 'msgpack'

          expect(Notation.json(written)).to eq(Notation.json(expected))
        end
      end
    end
  end
end
