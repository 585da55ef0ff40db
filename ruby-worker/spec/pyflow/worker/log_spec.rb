# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker::Log do
  let(:io) { StringIO.new }
  let(:line) { described_class::Line.new('charge failed', 'Declined: no') }

  def json(message)
    described_class.logger(io, format: :json).warn(message)
    JSON.parse(io.string)
  end

  it 'gives an error a key of its own' do
    expect(json(line)).to include('level' => 'warn', 'message' => 'charge failed', 'error' => 'Declined: no')
  end

  it 'gives one to an exception that is logged, too' do
    expect(json(KeyError.new('no card'))).to include('message' => 'no card', 'error' => 'KeyError: no card')
  end

  it 'has a line with both as text, for a logger of anybody\'s' do
    Logger.new(io).warn(line)
    described_class.logger(io).error(KeyError.new('no card'))
    expect(io.string.lines).to match([end_with("WARN -- : charge failed: Declined: no\n"),
                                      end_with("ERROR main: KeyError: no card\n")])
  end

  it 'knows the task that a thread of the worker is busy with' do
    swf = FakeSWF.new
    swf.put('step')
    task = Pyflow::Worker::Task.from(swf.poll_for_activity_task({}), 'cards')
    expect(described_class.about(task) { described_class.fields })
      .to eq('workflow_id' => 'w', 'run_id' => 'r', 'activity_id' => 'activity1', 'activity' => 'step', 'version' => '1',
             'task_list' => 'cards')
    expect(described_class.fields).to eq({})
  end
end
