# frozen_string_literal: true

# The same with the AWS SDK alone. It drains on TERM, beats every four seconds, heeds a cancel and answers any error;
# it does one thing at a time, and does not come back to an answer that the network lost.

require 'json'

require_relative 'bank'

# Polls a task list, and performs what comes.
class ChargeWorker
  TYPE = { name: 'charge', version: '1' }.freeze
  BEAT_EVERY = 4 # seconds

  class Canceled < StandardError; end

  def initialize(swf, domain, task_list)
    @swf = swf
    @domain = domain
    @task_list = task_list
  end

  def run
    register
    trap('TERM') { @stopping = true }
    step until @stopping
  end

  def register
    @swf.register_activity_type(
      domain: @domain, **TYPE, default_task_list: { name: @task_list },
      default_task_start_to_close_timeout: '60', default_task_heartbeat_timeout: '10',
      default_task_schedule_to_start_timeout: 'NONE', default_task_schedule_to_close_timeout: 'NONE'
    )
  rescue Aws::Errors::ServiceError => e
    raise unless e.code == 'TypeAlreadyExistsFault'
  end

  def step
    task = @swf.poll_for_activity_task(domain: @domain, task_list: { name: @task_list })
    perform(task) unless task.task_token.to_s.empty?
  rescue Aws::Errors::ServiceError, Seahorse::Client::NetworkingError => e
    warn "poll or answer failed: #{e.message}"
    sleep 1
  end

  def perform(task)
    result = charge(task)
    @swf.respond_activity_task_completed(task_token: task.task_token, result: JSON.generate(result))
  rescue Canceled
    @swf.respond_activity_task_canceled(task_token: task.task_token)
  rescue Bank::Declined => e
    fail_task(task, 'CardDeclined', e.message)
  rescue StandardError, ScriptError, SystemStackError => e
    fail_task(task, e.class.name[0, 256], "#{e.message}\n#{e.backtrace&.join("\n")}")
  end

  def charge(task)
    order = JSON.parse(task.input)
    @percent = 0
    beats = beat(task, Thread.current)
    Bank.charge(order.fetch('card'), order.fetch('amount')) { |percent| @percent = percent }
  ensure
    beats&.kill
  end

  def beat(task, worker)
    Thread.new do
      loop do
        sleep BEAT_EVERY
        status = @swf.record_activity_task_heartbeat(task_token: task.task_token, details: @percent.to_s)
        worker.raise(Canceled) if status.cancel_requested
      rescue Aws::Errors::ServiceError, Seahorse::Client::NetworkingError => e
        e.is_a?(Aws::Errors::ServiceError) && e.code == 'UnknownResourceFault' ? worker.raise(Canceled) : next
      end
    end
  end

  def fail_task(task, reason, details)
    @swf.respond_activity_task_failed(task_token: task.task_token, reason:, details: details[0, 32_768])
  end
end

if $PROGRAM_NAME == __FILE__
  require 'aws-sdk-swf'
  ChargeWorker.new(Aws::SWF::Client.new(http_read_timeout: 75, retry_limit: 0), *ARGV).run
end
