# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Codec do
  let(:known) { described_class.new(codecs: Notation.codecs) }

  def headers(notation)
    notation ? Notation.value(notation) : {}
  end

  def check_read(vector, payload)
    expect(Notation.comparable(payload.value)).to eq(Notation.comparable(Notation.value(vector['value'])))
    expect(Notation.comparable(payload.headers)).to eq(Notation.comparable(headers(vector['headers'])))
    expect(payload.id).to eq(vector['id'] && Notation.text(vector['id']))
    expect(payload.enveloped).to eq(vector['enveloped']) if vector.key?('enveloped')
  end

  Notation.vectors('payloads/read-*.json').each do |vector|
    it "reads: #{vector['name']}" do
      text = vector['text'] && Notation.text(vector['text'])
      stored = vector['stored'] && [Notation.text(vector['stored'])].pack('H*')
      error = vector['error'] && Pyflow.const_get(vector['error'])
      next expect { known.read(text) }.to(raise_error(error, vector['sentence'])) if error && !stored

      payload = known.read(text)
      if vector['reference']
        expected = vector['reference'].transform_values { |part| part.is_a?(Integer) ? part : Notation.text(part) }
        expect(expected.to_h { |name, _| [name, payload.value.public_send(name)] }).to eq(expected)
      end
      next if vector['reference'] && !stored
      next expect { known.resolve(payload.value, stored) }.to(raise_error(error, vector['sentence'])) if error

      payload.value = known.resolve(payload.value, stored) if stored
      check_read(vector, payload)
    end
  end

  def check_written(text, writes)
    return expect(Notation.json(text)).to eq(Notation.json(Notation.text(writes['plain']))) if writes.key?('plain')

    envelope = Pyflow::Codec::JsonText.parse(text)
    expect(envelope['$pyflow']).to eq(1)
    expect(envelope.fetch('enc', 'json')).to eq(writes['enc'])
    expect(envelope.fetch('codecs', [])).to eq(writes.fetch('codecs', []))
    if writes.key?('value')
      value = Pyflow::Codec::JsonText.generate(envelope['value'])
      expect(Notation.json(value)).to eq(Notation.json(Notation.text(writes['value'])))
    elsif writes.key?('bytes')
      bytes = undo(Pyflow::Codec::Xjson.base64(envelope['data']), envelope.fetch('codecs', []))
      expected = [Notation.text(writes['bytes'])].pack('H*')
      next_check(writes['enc'], bytes, expected)
    end
  end

  def undo(bytes, names)
    Pyflow::Codec::Transforms.new(Notation.codecs).undo(bytes, names)
  end

  def check_stored(written, vector)
    claim = written.claim
    expect(claim.store).to eq(vector['store'])
    expect(claim.key).to eq("sha256/#{claim.sha256[0, 2]}/#{claim.sha256}")
    expect([claim.enc, claim.codecs]).to eq(vector['writes'].values_at('enc', 'codecs'))
    bytes = undo(claim.verify(written.stored), claim.codecs)
    expect(bytes.unpack1('H*')).to eq(Notation.text(vector['writes']['stored']))
  end

  def next_check(enc, bytes, expected)
    return expect(bytes.unpack1('H*')).to eq(expected.unpack1('H*')) if enc == 'msgpack'

    expect(Notation.json(bytes.dup.force_encoding('UTF-8'))).to eq(Notation.json(expected.dup.force_encoding('UTF-8')))
  end

  Notation.vectors('payloads/write-*.json').each do |vector|
    it "writes: #{vector['name']}" do
      codec = described_class.new(codecs: Notation.codecs(vector['codecs'] || []))
      value = Notation.value(vector['value'])
      write = lambda do
        codec.write(value, store: vector['store'], limit: vector.fetch('limit', 32_768),
                           coding: vector.fetch('coding', 'auto').to_sym, headers: headers(vector['headers']),
                           id: vector['id'] && Notation.text(vector['id']))
      end
      next expect(&write).to(raise_error(Pyflow.const_get(vector['error']), vector['sentence'])) if vector['error']

      written = write.call
      text = written.text
      expect(Pyflow::Codec::Text.units(text)).to be <= vector.fetch('limit', 32_768)
      expect(Pyflow::Codec::Text.units(text)).to eq(vector['writes']['units']) if vector['writes']['units']
      read = codec.read(text)
      if vector['writes'].key?('stored')
        check_stored(written, vector)
        expect(read.value).to eq(written.claim)
        read.value = codec.resolve(read.value, written.stored)
      else
        expect(written.claim).to be_nil
        check_written(text, vector['writes'])
      end
      expect(Notation.comparable(read.value)).to eq(Notation.comparable(value))
      expect(Notation.comparable(read.headers)).to eq(Notation.comparable(headers(vector['headers'])))
    end
  end

  Notation.vectors('payloads/heartbeat-*.json').each do |vector|
    it "writes a heartbeat: #{vector['name']}" do
      codec = described_class.new(codecs: Notation.codecs(vector['codecs'] || []))
      text = codec.encode_heartbeat(Notation.value(vector['value']))
      next expect(text).to be_nil if vector['writes'].nil?

      expect(Pyflow::Codec::Text.units(text)).to be <= 2_048
      next check_written(text, vector['writes']) unless vector['writes'].key?('dropped')

      expect(JSON.parse(text)).to include('value' => nil, 'dropped' => vector['writes']['dropped'])
    end
  end
end
