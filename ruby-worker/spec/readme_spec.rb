# frozen_string_literal: true

require 'spec_helper'

RSpec.describe 'README.md' do # rubocop:disable RSpec/DescribeClass
  snippets = File.read(File.expand_path('../README.md', __dir__)).scan(/^```ruby\n(.*?)^```/m).flatten

  # A gateway that the snippets talk to.
  let(:gateway) do
    Module.new do
      def self.charge(card, amount)
        raise self::Declined, 'card declined' if card == '4000'

        yield 100
        "#{card} #{amount}"
      end
    end
  end

  before do
    stub_const('Gateway', gateway)
    stub_const('Gateway::Declined', Class.new(StandardError) { define_method(:code) { 7 } })
    stub_const('ChargeCard', Class.new(Pyflow::Activity))
  end

  it 'has an activity and its test, which do what they say' do
    heartbeats = nil
    expect(snippets.size).to eq(2)
    snippets.each { |snippet| heartbeats = TOPLEVEL_BINDING.dup.eval(snippet) }
    expect(heartbeats).to eq([{ 'percent' => 100 }])
    expect { Pyflow::Testing::ActivityEnvironment.new.run(ChargeCard, { 'card' => '4000', 'amount' => 5 }) }
      .to raise_error(have_attributes(type: 'CardDeclined', details: { 'code' => 7 }, message: 'card declined'))
  end
end
