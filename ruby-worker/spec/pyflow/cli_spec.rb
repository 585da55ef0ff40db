# frozen_string_literal: true

require 'spec_helper'
require 'pyflow/tracing'
require 'support/collector'
require 'support/command'
require 'support/servers'
require 'tmpdir'

RSpec.describe Pyflow::CLI do
  activities = File.join(Servers::ROOT, 'integration-tests/workers/ruby/activities.rb')

  let(:directory) { Dir.mktmpdir }

  after { FileUtils.rm_r(directory) }

  def file(text)
    File.join(directory, 'activities.rb').tap { |path| File.write(path, text) }
  end

  describe 'bad input' do
    # In this process other examples have declared activities, too.
    before do
      upcase = Pyflow::Activity.define('upcase', version: '1', &:upcase)
      allow(Pyflow::Activity).to receive(:declared).and_return([upcase])
    end

    here = %w[--domain d --task-list l --endpoint-url http://127.0.0.1:9]

    def refusal(*arguments)
      said = StringIO.new
      stderr = $stderr
      $stderr = said
      [described_class.run(arguments), said.string]
    ensure
      $stderr = stderr
    end

    {
      'no domain' => [['-r', activities, '--task-list', 'l'], '--domain is missing'],
      'no task list' => [['-r', activities, '--domain', 'd'], '--task-list is missing'],
      'no file' => [here, 'no file of activities is given: -r FILE'],
      'a file that is not there' => [['-r', 'nothing.rb', *here], 'there is no file nothing.rb'],
      'a file without -r' => [['charge.rb', *here], 'charge.rb is no option: files of activities are given with -r'],
      'an option that it does not have' => [['--what'], 'invalid option: --what'],
      'an option without its value' => [['--domain'], 'missing argument: --domain'],
      'a number that is none' => [['-c', 'many'], 'invalid argument: -c many'],
      'a log format that it does not have' => [['--log-format', 'xml'], 'invalid argument: --log-format xml'],
      'an endpoint that is none' => [['-r', activities, '--domain', 'd', '--task-list', 'l', '--endpoint-url', 'nowhere'],
                                     'endpoint "nowhere" is no URL: it should look like http://127.0.0.1:4599'],
      'no concurrency' => [['-r', activities, '-c', '0', *here], 'concurrency is 0: it takes a whole number above 0'],
      'a graceful timeout below zero' => [['-r', activities, '--graceful-timeout', '-1', *here],
                                          'graceful_timeout is -1.0: it takes seconds, 0 or more']
    }.each do |what, (arguments, message)|
      it "is told in a sentence: #{what}" do
        stub_const('ENV', ENV.to_h.except('PYFLOW_DOMAIN'))
        expect(refusal(*arguments)).to eq([2, "pyflow-worker: #{message}\n"])
      end
    end

    {
      'does not parse' => ['class Charge', %r{\Apyflow-worker: /\S+/activities.rb can't be loaded: .*syntax error}],
      'raises' => ["\nnil.upcase\n",
                   /can't be loaded: undefined method `upcase' for nil:NilClass \(NoMethodError at \S+:2\)$/],
      'requires what is not there' => ["require 'no/such/gem'", %r{can't be loaded: cannot load such file -- no/such/gem}],
      'ends the program' => ['exit', /activities.rb ends the program when it is loaded$/],
      'declares a type that SWF would not take' =>
        ["Pyflow::Activity.define('a:b', version: '1') { 1 }", /can't be loaded: activity name "a:b" is not what SWF takes/]
    }.each do |what, (text, message)|
      it "is told in a sentence: a file that #{what}" do
        status, said = refusal('-r', file(text), *here)
        expect([status, said.lines.size]).to eq([2, 1])
        expect(said).to match(message)
      end
    end

    it 'is told in a sentence: a file that declares no activity' do
      status, _, said = Command.run('-r', file('1'), *here)
      expect([status, said]).to match([2, /activities.rb declares no activity: class Name < Pyflow::Activity.*\n\z/])
    end

    it 'is told in a sentence: no credentials for AWS' do
      status, _, said = Command.run('-r', activities, '--domain', 'd', '--task-list', 'l', '--region', 'eu-west-1')
      expect([status, said]).to match([2, /\Apyflow-worker: no credentials for AWS found: set AWS_ACCESS_KEY_ID .*\n\z/])
    end

    it 'is told in a sentence: nobody answers at the endpoint' do
      stub_const('Pyflow::Worker::Registration::TRIES', 1)
      closed = TCPServer.open('127.0.0.1', 0) { |server| server.addr[1] }
      status, said = refusal('-r', activities, '-d', 'd', '-t', 'l', '--endpoint-url', "http://127.0.0.1:#{closed}")
      expect([status, said]).to match([2, /\Apyflow-worker: SWF does not answer, .*refused.*127.0.0.1.*#{closed}.*\n\z/])
    end
  end

  it 'shows its options' do
    expect { expect(described_class.run(['--help'])).to eq(0) }.to output(/--graceful-timeout SECONDS/).to_stdout
  end

  it 'shows its version' do
    expect { expect(described_class.run(['--version'])).to eq(0) }.to output("3.0.0\n").to_stdout
  end

  context 'with the embedded SWF', :servers do
    let(:server) { Servers['the embedded SWF'] }
    let(:domain) { server.domain }

    def place(*more)
      ['--domain', domain, '--task-list', 'l', '--endpoint-url', server.url, *more]
    end

    def started(text, *more)
      Command.new('-r', file(text), *place(*more)).ready
    end

    it 'works from ready to TERM, and lets an activity end' do
      command = Command.new('-r', activities, *place).ready
      execution = server.schedule(domain, 'hold', 'l', '{"seconds": 0.3}')
      Timeout.timeout(60) do
        Thread.pass until server.history(domain, execution).any? { |event| event['eventType'] == 'ActivityTaskStarted' }
      end
      command.signal('TERM')
      expect(command.status).to eq(0)
      expect(server.outcome(domain, execution)).to match(['ActivityTaskCompleted', include('result' => '"held"')])
    end

    it 'takes the domain and the endpoint from the environment' do
      command = Command.new('-r', activities, '-t', 'l', PYFLOW_DOMAIN: domain, AWS_ENDPOINT_URL_SWF: server.url).ready
      command.signal('INT')
      expect([command.status, command.rest]).to eq([0, ''])
    end

    it 'takes middleware and codecs from a file of activities' do
      command = started(<<~RUBY)
        Reversed = Class.new { def encode(bytes) = bytes.reverse; alias_method :decode, :encode }.new
        Pyflow::Worker.configure(codecs: { 'reversed' => Reversed },
                                 middleware: [->(task, _, &inner) { "\#{task.name} \#{inner.call}" }])
        Pyflow::Activity.define('note', version: '1') { 'noted' }
      RUBY
      execution = server.schedule(domain, 'note', 'l')
      expect(server.outcome(domain, execution).last)
        .to include('result' => '{"$pyflow":1,"enc":"json","codecs":["reversed"],"data":"ImRldG9uIGV0b24i"}')
      command.signal('TERM')
      expect(command.status).to eq(0)
    end

    it 'sends spans by OTLP if asked, the last ones when it stops' do
      collector = Collector.new
      command = Command.new('-r', activities, *place('--tracing', 'otlp'), OTEL_EXPORTER_OTLP_ENDPOINT: collector.url).ready
      execution = server.schedule(domain, 'hold', 'l', '{"seconds": 0}')
      server.outcome(domain, execution)
      command.signal('TERM')
      span = next_of(collector.requests).spans.first
      started = server.history(domain, execution).find { |event| event['eventType'] == 'ActivityTaskStarted' }
      expect([command.status, span['name'], span['spanId']])
        .to eq([0, 'perform hold', Pyflow::Tracing::Ids.span_id(execution[:runId], 'a1', started['eventId'])])
    ensure
      collector.close
    end

    it 'says in a sentence which variable of tracing is wrong' do
      status, _, said = Command.run('-r', activities, *place('--tracing', 'otlp'), OTEL_EXPORTER_OTLP_ENDPOINT: 'collector')
      expect([status, said]).to eq([2, "pyflow-worker: the OTLP endpoint collector/v1/traces is no URL of HTTP\n"])
    end

    it 'ends with 2 when the registration is strict and differs' do
      first = started("Pyflow::Activity.define('note', version: '1') { 1 }")
      first.signal('TERM')
      expect(first.status).to eq(0)
      other = file("Pyflow::Activity.define('note', version: '1', heartbeat_timeout: 5) { 1 }")
      status, _, said = Command.run('-r', other, *place('--strict-registration'))
      differs = 'is registered with default_task_heartbeat_timeout NONE (this worker says 5): '
      expect([status, said.lines.last])
        .to match([2, start_with("pyflow-worker: the registration is strict: activity type note 1 #{differs}")])
    end

    it 'says in a sentence that the domain is not there' do
      status, _, said = Command.run('-r', activities, '-d', 'nowhere', '-t', 'l', '--endpoint-url', server.url)
      expect([status, said.lines.last])
        .to match([2, /\Apyflow-worker: domain nowhere does not exist at this endpoint: /])
    end

    it 'ends with 1, and soon, when an activity does not stop, not even in its ensure' do
      command = started(<<~RUBY, '--graceful-timeout', '60')
        Pyflow::Activity.define('stuck', version: '1') do
          $stderr.puts 'stuck now'
          begin
            Thread.stop
          ensure
            loop { Thread.stop }
          end
        end
      RUBY
      execution = server.schedule(domain, 'stuck', 'l')
      command.says('stuck now')
      command.signal('TERM')
      command.says('stopping: 60.0 s')
      command.signal('TERM')
      expect(command.status).to eq(1)
      expect(server.outcome(domain, execution))
        .to match(['ActivityTaskFailed', include('reason' => 'pyflow.WorkerShutdown')])
    end

    it 'logs JSON when asked to' do
      command = started("Pyflow::Activity.define('note', version: '1') { logger.warn(\"a\\xff\") && nil }",
                        '--log-format', 'json', '--log-level', 'warn')
      execution = server.schedule(domain, 'note', 'l')
      server.outcome(domain, execution)
      command.signal('TERM')
      command.status
      expect(JSON.parse(command.errors))
        .to match('time' => /\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/, 'level' => 'warn', 'message' => "a\u{fffd}",
                  'workflow_id' => execution[:workflowId], 'run_id' => execution[:runId], 'activity_id' => 'a1',
                  'activity' => 'note', 'version' => '1', 'task_list' => 'l')
    end
  end
end
