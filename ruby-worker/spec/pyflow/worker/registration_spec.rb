# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker::Registration do
  let(:swf) { FakeSWF.new }
  let(:log) { text_log }
  let(:definition) do
    Pyflow::Activity::Definition.new(name: 'charge', version: '2', start_to_close_timeout: 30, heartbeat_timeout: 2.5,
                                     priority: 5, description: 'charges a card')
  end
  let(:defaults) do
    { default_task_list: { name: 'cards' }, default_task_priority: '5', default_task_start_to_close_timeout: '30',
      default_task_heartbeat_timeout: '3', default_task_schedule_to_start_timeout: 'NONE',
      default_task_schedule_to_close_timeout: 'NONE' }
  end

  def register(**options)
    backoff = Pyflow::Worker::Backoff.new(first: 0.001, limit: 0.001)
    described_class.new(client: swf, domain: 'shop', task_list: 'cards', logger: log.first, backoff:, **options)
                   .register([definition])
  end

  it 'tells SWF every default that scheduling needs' do
    register
    expect(swf.registered).to contain_exactly(
      { domain: 'shop', name: 'charge', version: '2', description: 'charges a card', **defaults }
    )
  end

  it 'is content with a type that is there with the same defaults' do
    swf.know('charge', defaults)
    register
    expect(log.last).not_to include('WARN')
  end

  describe 'of a type that is there with other defaults' do
    before { swf.know('charge', defaults.merge(default_task_heartbeat_timeout: '60', default_task_list: { name: 'old' })) }

    let(:sentence) do
      'activity type charge 2 is registered with default_task_heartbeat_timeout 60 (this worker says 3), ' \
        'default_task_list old (this worker says cards): SWF keeps what is registered; a new version could have another'
    end

    it 'warns once, of each default with both values, and goes on' do
      register
      expect(log.last.scan(/WARN.*/)).to eq(["WARN main: #{sentence}"])
    end

    it 'refuses it when it is strict' do
      expect { register(strict: true) }
        .to raise_error(Pyflow::ConfigurationError, "the registration is strict: #{sentence}")
    end
  end

  it 'warns of a type that is deprecated' do
    swf.know('charge', defaults, status: 'DEPRECATED')
    register
    expect(log.last).to include('activity type charge 2 is deprecated: SWF schedules no more tasks of it')
  end

  it 'goes on with a type that it may not describe' do
    swf.know('charge', defaults)
    swf.raising(:describe, FakeSWF.fault('OperationNotPermittedFault', 'no'))
    register
    expect(log.last).to include("charge 2 is registered, but can't be compared: OperationNotPermittedFault: no")
  end

  it 'is patient with throttling' do
    swf.raising(:register, *Array.new(5) { FakeSWF.fault('ThrottlingException', 'Rate exceeded') })
    register
    expect(swf.registered.size).to eq(1)
  end

  it 'says in a sentence that the domain does not exist' do
    swf.raising(:register, FakeSWF.fault('UnknownResourceFault', 'Unknown domain: shop'))
    expect { register }.to raise_error(Pyflow::ConfigurationError,
                                       'domain shop does not exist at this endpoint: register it first, or check ' \
                                       '--domain, --region and --endpoint-url')
  end

  it 'says in a sentence that SWF does not answer' do
    swf.raising(:register, *Array.new(6) { FakeSWF.network_error })
    expect { register }.to raise_error(Pyflow::ConfigurationError,
                                       'SWF does not answer, check --endpoint-url and whether it runs: connection reset')
  end

  it 'says in a sentence what SWF refuses' do
    swf.raising(:register, FakeSWF.fault('AccessDeniedException', 'not authorized'))
    expect { register }.to raise_error(Pyflow::ConfigurationError,
                                       "activity type charge 2 can't be registered in domain shop: " \
                                       'AccessDeniedException: not authorized')
  end
end
