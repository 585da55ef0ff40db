# frozen_string_literal: true

require 'spec_helper'
require 'net/http'
require 'pyflow/worker/endpoint'

RSpec.describe Pyflow::Worker::Endpoint do
  include Working

  def get(url)
    answer = Net::HTTP.get_response(URI(url))
    [answer.code, answer['Content-Type'], answer.body]
  end

  describe 'of a worker' do
    let(:begun) { Thread::Queue.new }
    let(:permission) { Thread::Queue.new }
    let(:working) do
      waiting = [begun, permission]
      held = activity do
        waiting.first << 1
        waiting.last.pop
      end
      worker(held, concurrency: 2, metrics_port: 0).start
    end

    after do
      permission << 'done'
      swf.end_polls
      working.stop
    end

    it 'says how it is, and what it has counted' do
      working
      swf.put('step')
      next_of(begun)
      code, type, body = get("#{working.metrics_url}/health")
      expect([code, type]).to eq(['200', 'application/json'])
      expect(JSON.parse(body)).to match('status' => 'ok', 'slots' => 2, 'busy' => 1,
                                        'seconds_since_poll' => be_between(0, 60))
      code, type, body = get("#{working.metrics_url}/metrics")
      expect([code, type]).to eq(['200', 'text/plain; version=0.0.4; charset=utf-8'])
      expect(body).to include("pyflow_activity_slots_busy 1\n", %(pyflow_activity_polls_total{outcome="task"} 1\n))
    end

    it 'says that it drains' do
      swf.put('step')
      working
      next_of(begun)
      working.quiet
      code, _, body = get("#{working.metrics_url}/health")
      expect([code, JSON.parse(body)['status']]).to eq(%w[503 draining])
    end

    it 'is there for this machine alone, until the worker ends' do
      address = URI(working.metrics_url)
      expect(address.host).to eq('127.0.0.1')
      permission << 'done'
      swf.end_polls
      working.stop
      expect { TCPSocket.new(address.host, address.port) }.to raise_error(Errno::ECONNREFUSED)
    end
  end

  describe 'to strangers' do
    let(:endpoint) { described_class.new(0) { [Pyflow::Worker::Metrics.new.snapshot, []] } }

    after { endpoint.close }

    def say(text)
      socket = TCPSocket.new('127.0.0.1', endpoint.port)
      socket.write(text)
      socket.read.lines.first
    rescue Errno::ECONNRESET
      nil
    ensure
      socket.close
    end

    {
      "GET /other HTTP/1.1\r\n\r\n" => "HTTP/1.1 404 Not Found\r\n",
      "POST /metrics HTTP/1.1\r\n\r\n" => "HTTP/1.1 405 Method Not Allowed\r\n",
      "GET /metrics?all=1 HTTP/1.0\r\nHost: x\r\n\r\n" => "HTTP/1.1 200 OK\r\n",
      "no request\r\n\r\n" => "HTTP/1.1 400 Bad Request\r\n"
    }.each do |asked, said|
      it "answers #{asked.lines.first.strip.inspect} in a line: #{said.strip}" do
        expect(say(asked)).to eq(said)
      end
    end

    it 'goes on after one that says too much, too slowly or nothing' do
      stub_const('Pyflow::Worker::Endpoint::PATIENCE', 0.5)
      expect(say("GET /metrics HTTP/1.1\r\nHost: ")).to eq("HTTP/1.1 400 Bad Request\r\n")
      say("GET /metrics HTTP/1.1\r\nX: #{'x' * 100_000}")
      TCPSocket.new('127.0.0.1', endpoint.port).close
      expect(say("GET /health HTTP/1.1\r\n\r\n")).to eq("HTTP/1.1 503 Service Unavailable\r\n")
    end

    it 'is refused in a sentence when the port is taken' do
      expect { described_class.new(endpoint.port) { nil } }
        .to raise_error(Pyflow::ConfigurationError, /\Athe metrics port \d+ can't be had: .*already in use/)
    end
  end

  it 'takes a port that is one' do
    expect { worker(activity { 1 }, metrics_port: 65_536) }
      .to raise_error(ArgumentError, 'metrics_port is 65536: it takes a whole number of 0 to 65535')
  end
end
