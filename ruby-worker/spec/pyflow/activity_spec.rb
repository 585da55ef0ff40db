# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Activity do
  it 'declares its type with SWF\'s limits checked at once' do
    expect { described_class.define('a:b', version: '1') { nil } }
      .to raise_error(ArgumentError, 'activity name "a:b" is not what SWF takes: 1 to 256 characters, not "arn", ' \
                                     'none of : / | or control characters')
  end

  it 'refuses a version that is too long' do
    expect { described_class.define('a', version: '1' * 65) { nil } }.to raise_error(ArgumentError, /1 to 64 characters/)
  end

  it 'refuses a timeout that is none' do
    expect { described_class.define('a', version: '1', heartbeat_timeout: 0) { nil } }
      .to raise_error(ArgumentError, 'heartbeat_timeout of activity a 1 is 0: give seconds, above 0 and up to 99999999')
  end

  it 'refuses an option it does not have' do
    expect { described_class.define('a', version: '1', timeout: 3) { nil } }
      .to raise_error(ArgumentError, 'activity a 1 has no option timeout')
  end

  it 'refuses a way to heartbeat it does not have' do
    expect { described_class.define('a', version: '1', heartbeat: :often) { nil } }
      .to raise_error(ArgumentError, 'heartbeat of activity a 1 is :often: say :auto or :manual')
  end

  it 'wants a block for an activity that is not a class' do
    expect { described_class.define('a', version: '1') }.to raise_error(ArgumentError, 'activity a 1 needs a block to run')
  end

  it 'writes durations as SWF does, in whole seconds' do
    expect([nil, 1, 0.5, 30.2].map { |seconds| described_class::Definition.duration(seconds) }).to eq(%w[NONE 1 1 31])
  end

  it 'remembers the classes that declared an activity' do
    upcase = described_class.define('upcase', version: '1', &:upcase)
    expect(described_class.declared).to include(upcase)
  end

  it 'gives a subclass no type that it did not declare itself' do
    parent = described_class.define('parent', version: '1') { nil }
    expect(Class.new(parent).definition).to be_nil
  end

  it 'has a context only while it is performed' do
    expect { described_class::Context.current }
      .to raise_error(Pyflow::Error, 'no activity is being performed by this thread')
  end
end
