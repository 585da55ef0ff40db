# frozen_string_literal: true

require 'spec_helper'

# What earlier releases wrote, in three languages, is read for ever (protocol/corpus).
RSpec.describe Pyflow::Codec do
  let(:codec) { described_class.new(codecs: Notation.codecs) }

  Dir[File.join(Notation::FOLDER, '../corpus/*/{python,ruby,java}.json')].each do |path|
    JSON.parse(File.read(path), max_nesting: 200).each do |entry|
      it "reads what #{File.basename(path, '.json')} wrote in #{path.split('/')[-2]}: #{entry['name']}" do
        if entry.key?('failure')
          read = codec.decode_failure(entry['reason'], entry['details'])
          next expect(Notation.same_failure(read)).to eq(Notation.same_failure(Notation.failure(entry['failure'])))
        end

        read = codec.read(entry['text'])
        found = read.value
        if found.is_a?(Pyflow::Codec::Reference)
          found = codec.resolve(found, File.binread(File.join(File.dirname(path), 'store', found.key)))
        end
        expect(Notation.comparable(found)).to eq(Notation.comparable(Notation.value(entry['value'])))
        headers = entry['headers'] ? Notation.value(entry['headers']) : {}
        expect(Notation.comparable(read.headers)).to eq(Notation.comparable(headers))
        expect(read.id).to eq(entry['id'])
      end
    end
  end
end
