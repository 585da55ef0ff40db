# frozen_string_literal: true

require 'spec_helper'
require 'net/http'
require 'support/command'
require 'support/servers'
require 'tmpdir'

RSpec.describe 'pyflow-worker --processes', :servers do # rubocop:disable RSpec/DescribeClass
  let(:server) { Servers['the embedded SWF'] }
  let(:domain) { server.domain }
  let(:directory) { Dir.mktmpdir }

  after { FileUtils.rm_r(directory) }

  activities = <<~RUBY
    Pyflow::Activity.define('pid', version: '1') { Process.pid }
    Pyflow::Activity.define('hold', version: '1') do
      $stderr.puts "held by \#{Process.pid}"
      context.sleep(600)
    end
  RUBY

  def started(text, *more)
    file = File.join(directory, 'activities.rb').tap { |path| File.write(path, text) }
    Command.new('-r', file, '--domain', domain, '--task-list', 'l', '--endpoint-url', server.url, '--processes', '2', *more)
           .ready
  end

  def ended(command, status)
    command.signal('TERM')
    expect(command.status).to eq(status), command.errors
  end

  def children(command)
    command.errors.scan(/child (\d+) is started/).flatten.map(&:to_i)
  end

  def alive?(pid)
    Process.kill(0, pid).positive?
  rescue Errno::ESRCH
    false
  end

  # The process that did a task.
  def worked
    server.outcome(domain, server.schedule(domain, 'pid', 'l')).last.fetch('result').to_i
  end

  # What a process says to the terminal while it holds a task.
  def holder(command)
    execution = server.schedule(domain, 'hold', 'l')
    command.says('held by')
    [execution, command.errors[/held by (\d+)/, 1].to_i]
  end

  def eventually
    Timeout.timeout(60) { Thread.pass until yield }
  end

  it 'works in children that end with their parent' do
    command = started(activities)
    expect(children(command)).to include(worked)
    ended(command, 0)
    expect(children(command).map { |pid| alive?(pid) }).to eq([false, false])
  end

  it 'replaces a child that dies' do
    command = started(activities)
    before = children(command)
    Process.kill('KILL', *before)
    eventually { children(command).size == 4 }
    expect(children(command) - before).to include(worked)
    expect(command.errors).to match(/child #{before.first} ended \(signal KILL\) and is replaced in 0\.\d s/)
    ended(command, 0)
  end

  it 'replaces a child that somebody stops, once its activities have ended' do
    command = started(activities)
    stopped = children(command).first
    Process.kill('TERM', stopped)
    eventually { children(command).size == 3 }
    expect(command.errors).to include("child #{stopped} ended (exit status 0) and is replaced")
    ended(command, 0)
  end

  it 'ends with 1, and soon, when it is told twice and an activity was cut short' do
    command = started(activities, '--graceful-timeout', '60')
    execution, = holder(command)
    command.signal('TERM')
    command.says('stopping 2 children')
    ended(command, 1)
    expect(server.outcome(domain, execution))
      .to match(['ActivityTaskFailed', include('reason' => 'pyflow.WorkerShutdown')])
  end

  it 'takes a signal to all its processes as one' do
    command = started("#{activities}\nPyflow::Activity.define('rest', version: '1') { $stderr.puts('rests') || sleep(1) }")
    execution = server.schedule(domain, 'rest', 'l')
    command.says('rests')
    [command.pid, *children(command)].each { |pid| Process.kill('TERM', pid) }
    expect([command.status, server.outcome(domain, execution).first]).to eq([0, 'ActivityTaskCompleted'])
  end

  it 'sends the heartbeats of its children, and tells them to cancel' do
    command = started(<<~RUBY, '--metrics-port', '0')
      Pyflow::Activity.define('beat', version: '1') do
        heartbeat('begun')
        $stderr.puts 'beats'
        context.sleep(0.05) while heartbeat('on').nil?
      rescue Pyflow::ActivityCanceled => e
        e.details = [e.reason.name, Process.pid]
        raise
      end
    RUBY
    execution = server.schedule(domain, 'beat', 'l')
    command.says('beats')
    server.call('SignalWorkflowExecution', domain:, workflowId: execution[:workflowId], signalName: 'stop')
    server.decide(domain, execution[:workflowId],
                  decisionType: 'RequestCancelActivityTask',
                  requestCancelActivityTaskDecisionAttributes: { activityId: 'a1' })
    type, said = server.outcome(domain, execution)
    expect([type, JSON.parse(said['details']).first]).to eq(%w[ActivityTaskCanceled requested])
    expect(children(command)).to include(JSON.parse(said['details']).last)
    expect(Net::HTTP.get(URI(command.told.delete_prefix('metrics='))))
      .to match(/^pyflow_activity_heartbeats_total{outcome="sent"} [1-9]/)
    ended(command, 0)
  end

  it 'leaves nobody behind when the parent is killed' do
    command = started(activities, '--graceful-timeout', '1')
    _, holding = holder(command)
    command.signal('KILL')
    command.status
    expect(children(command)).to include(holding)
    eventually { children(command).none? { |pid| alive?(pid) } }
  end

  it 'serves what all children have counted, those that died too' do
    command = started(activities, '--metrics-port', '0')
    url = command.told[%r{\Ametrics=(http://127\.0\.0\.1:\d+)/metrics\z}, 1]
    5.times { worked }
    done = %(pyflow_activity_tasks_total{activity="pid",outcome="completed"} 5\n)
    eventually { Net::HTTP.get(URI("#{url}/metrics")).include?(done) }
    Process.kill('KILL', children(command).first)
    eventually { children(command).size == 3 }
    expect(Net::HTTP.get(URI("#{url}/metrics"))).to include(done)
    eventually { JSON.parse(Net::HTTP.get(URI("#{url}/health"))).values_at('status', 'slots') == ['ok', 20] }
    ended(command, 0)
  end

  it 'ends with 2 when its children can\'t go on' do
    file = File.join(directory, 'activities.rb').tap { |path| File.write(path, activities) }
    status, _, said = Command.run('-r', file, '-d', 'nowhere', '-t', 'l', '--endpoint-url', server.url, '--processes', '2',
                                  '--no-register')
    expect([status, said.lines.last]).to match([2, /\Apyflow-worker: task list l of domain nowhere can't be polled: /])
  end
end
