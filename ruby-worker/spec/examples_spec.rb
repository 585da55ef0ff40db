# frozen_string_literal: true

require 'spec_helper'
require 'support/servers'

RSpec.describe 'examples' do # rubocop:disable RSpec/DescribeClass
  folder = File.expand_path('../examples', __dir__)

  def run(activity, input = nil, **options)
    Pyflow::Testing::ActivityEnvironment.new(**options).run(activity, input)
  end

  describe 'charge.rb' do
    before { require File.join(folder, 'charge') }

    it 'charges, beats, and fails as the workflow expects' do
      environment = Pyflow::Testing::ActivityEnvironment.new
      expect(environment.run(Charge, { 'card' => '4111', 'amount' => 5 })).to eq('card' => '4111', 'amount' => 5)
      expect(environment.heartbeats).to eq([100])
      expect { environment.run(Charge, { 'card' => '4000', 'amount' => 5 }) }
        .to raise_error(have_attributes(type: 'CardDeclined', non_retryable?: true))
    end

    it 'does with fewer lines what the bare SDK does, as README.md counts them' do
      lines = %w[charge.rb charge_bare_sdk.rb].map do |name|
        File.readlines(File.join(folder, name)).grep_v(/\A\s*(#|$)/).size
      end
      readme = File.read(File.expand_path('../README.md', __dir__))
      expect(readme[/^\| lines of code .*$/]).to start_with("| lines of code | #{lines.first} | #{lines.last} |")
    end
  end

  it 'charge_bare_sdk.rb charges, and fails, at the embedded SWF', :servers do
    require File.join(folder, 'charge_bare_sdk')
    server = Servers['the embedded SWF']
    domain = server.domain
    bare = ChargeWorker.new(Pyflow::SWF.connect(endpoint: server.url), domain, 'l')
    2.times { bare.register }
    outcomes = %w[4111 4000].map do |card|
      execution = server.schedule(domain, 'charge', 'l', JSON.generate(card:, amount: 5))
      bare.step
      server.outcome(domain, execution)
    end
    expect(outcomes).to match([['ActivityTaskCompleted', include('result' => '{"card":"4111","amount":5}')],
                               ['ActivityTaskFailed', include('reason' => 'CardDeclined')]])
  end

  it 'refund.rb takes an order of Structs, and names what is wrong with one' do
    require File.join(folder, 'refund')
    refund = Pyflow::Activity.declared.find { |declared| declared.definition.name == 'refund' }
    lines = [{ 'sku' => 'a', 'quantity' => 2 }, { 'sku' => 'b', 'quantity' => 3 }]
    expect(run(refund, { 'id' => 7, 'lines' => lines })).to eq('order' => 7, 'items' => 5)
    expect { run(refund, { 'id' => 7, 'lines' => [{ 'sku' => 'a' }] }) }
      .to raise_error(Pyflow::InputMismatch, 'input of refund 1: $.lines[0] lacks quantity')
  end

  it 'approve.rb leaves its answer to a web hook' do
    asked = nil
    questions = Module.new
    questions.define_singleton_method(:ask) { |question, reply_to:| asked = [question, reply_to] }
    stub_const('Questions', questions)
    require File.join(folder, 'approve')
    expect([run(Approve, { 'question' => 'May I?' }), asked]).to eq([nil, ['May I?', 'token']])
  end

  it 'rails_initializer.rb wraps every activity in the reloader' do
    wrapped = 0
    reloader = Module.new do
      define_singleton_method(:wrap) do |&block|
        wrapped += 1
        block.call
      end
    end
    rails = Module.new { define_singleton_method(:application) { self } }
    rails.define_singleton_method(:config) { self }
    rails.define_singleton_method(:after_initialize) { |&block| block.call }
    rails.define_singleton_method(:reloader) { reloader }
    stub_const('Rails', rails)
    load File.join(folder, 'rails_initializer.rb')
    step = Pyflow::Activity.define('step', version: '1') { 'done' }
    expect([run(step, middleware: Pyflow::Worker.configured.fetch(:middleware)), wrapped]).to eq(['done', 1])
    Pyflow::Worker.configured.delete(:middleware)
  end
end
