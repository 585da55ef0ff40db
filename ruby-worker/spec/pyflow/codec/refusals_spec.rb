# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Codec::Refusals do
  it 'has the sentences of the contract' do
    table = JSON.parse(File.read(File.expand_path('../../../../protocol/refusals.json', __dir__)))
    expect(described_class::SENTENCES.to_h { |code, (type, words)| [code.to_s, ["pyflow.#{type}", words]] })
      .to eq(table.transform_values { |row| row.values_at('type', 'sentence') })
  end
end
