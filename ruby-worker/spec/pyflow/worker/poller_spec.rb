# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Pyflow::Worker::Poller do
  let(:swf) { FakeSWF.new }
  let(:log) { text_log }
  let(:backoff) { Pyflow::Worker::Backoff.new(first: 0.001, limit: 0.001) }

  def poller(limit: 1)
    described_class.new(client: swf, domain: 'shop', task_list: 'cards', identity: 'ruby@test', limit:,
                        logger: log.first, backoff:)
  end

  it 'asks for tasks of its list, in its name' do
    swf.put('step', '1')
    expect(poller.next).to have_attributes(name: 'step', version: '1', input: '1', workflow_id: 'w', run_id: 'r')
    expect(swf.polls.pop).to eq(domain: 'shop', task_list: { name: 'cards' }, identity: 'ruby@test')
  end

  it 'knows an empty poll by its missing token, or by its empty one' do
    swf.put_nothing
    swf.put_nothing('')
    expect(Array.new(2) { poller.next }).to eq([nil, nil])
  end

  it 'polls with no more threads at once than it may' do
    polling = poller(limit: 2)
    threads = Array.new(3) { Thread.new { polling.next } }
    2.times { next_of(swf.polls) }
    expect(swf.polls.size).to eq(0)
    swf.put_nothing
    expect(next_of(swf.polls)).to include(domain: 'shop')
    swf.end_polls
    threads.each { |thread| ended(thread) }
  end

  it 'lets a poll under way bring its task after it has become quiet, and begins no other' do
    polling = poller
    threads = Array.new(2) { Thread.new { polling.next } } # one polls, one waits for its turn
    next_of(swf.polls)
    polling.quiet
    swf.put('step')
    expect(threads.filter_map { |thread| ended(thread)&.name }).to eq(['step'])
    expect([polling.next, swf.polls.size]).to eq([nil, 0])
  end

  it 'pauses after a poll that failed, and goes on' do
    swf.raising(:poll, FakeSWF.network_error, FakeSWF.fault('ThrottlingException', 'Rate exceeded'))
    swf.put('step')
    polling = poller
    expect([polling.next, polling.next, polling.next&.name]).to eq([nil, nil, 'step'])
    expect(log.last).to match(/poll failed, next in 0.0 s: ThrottlingException: Rate exceeded/)
  end

  it 'gives up a domain that stays unknown' do
    swf.raising(:poll, *Array.new(8) { FakeSWF.fault('UnknownResourceFault', 'Unknown domain: shop') })
    polling = poller
    7.times { polling.next }
    expect { polling.next }
      .to raise_error(Pyflow::ConfigurationError, 'task list cards of domain shop can\'t be polled: ' \
                                                  'UnknownResourceFault: Unknown domain: shop')
  end

  it 'never gives up a network' do
    swf.raising(:poll, *Array.new(20) { FakeSWF.network_error })
    swf.put('step')
    polling = poller
    expect(Array.new(21) { polling.next }.last.name).to eq('step')
  end

  it 'tells that there are no credentials, once that is sure' do
    swf.raising(:poll, *Array.new(8) { Aws::Errors::MissingCredentialsError.new('unable to sign request') })
    polling = poller
    7.times { polling.next }
    expect { polling.next }.to raise_error(Pyflow::ConfigurationError, /unable to sign request/)
  end
end
