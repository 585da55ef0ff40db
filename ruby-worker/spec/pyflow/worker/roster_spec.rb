# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker::Roster do
  let(:upcase) { Pyflow::Activity.define('upcase', version: '1', &:upcase) }

  it 'finds an activity by name and version, and nothing by another version' do
    roster = described_class.new([upcase])
    expect([roster[%w[upcase 1]].definition.to_s, roster[%w[upcase 2]]]).to eq(['upcase 1', nil])
  end

  it 'makes a new object of a class for every task, and keeps the object that it was given' do
    given = upcase.new
    of_class, of_object = [upcase, given].map { |activity| described_class.new([activity]).first }
    expect(of_class.activity).not_to equal(of_class.activity)
    expect(of_object.activity).to equal(given)
  end

  it 'refuses what is no activity' do
    expect { described_class.new([String]) }
      .to raise_error(ArgumentError, 'String is no activity: give a subclass of Pyflow::Activity, or an object of one')
  end

  it 'refuses a class that declares nothing' do
    stub_const('Undeclared', Class.new(Pyflow::Activity))
    expect { described_class.new([Undeclared]) }
      .to raise_error(ArgumentError, "Undeclared declares no activity: say `activity 'name', version: '1'` in it")
  end

  it 'refuses a class that does nothing' do
    stub_const('Idle', Class.new(Pyflow::Activity) { activity 'idle', version: '1' })
    expect { described_class.new([Idle]) }
      .to raise_error(ArgumentError, 'activity idle 1 has nothing to do: define call in Idle')
  end

  it 'refuses one type twice' do
    expect { described_class.new([upcase, upcase.new]) }
      .to raise_error(ArgumentError, 'activity upcase 1 is given twice')
  end
end
