# frozen_string_literal: true

require 'socket'

require_relative 'activity'
require_relative 'codec'
require_relative 'payloads'
require_relative 'store/files'
require_relative 'store/s3'
require_relative 'swf'

module Pyflow
  # Performs activities: polls a task list, runs what comes in threads, and answers.
  #
  #     Pyflow::Worker.new(domain: 'shop', task_list: 'cards', activities: [ChargeCard]).run
  #
  # {#run} is the whole life of a worker process. A program that has a life of its own uses {#start} and
  # {#stop}.
  class Worker
    require_relative 'worker/version'
    require_relative 'worker/answers'
    require_relative 'worker/heartbeats'
    require_relative 'worker/log'
    require_relative 'worker/manager'
    require_relative 'worker/poller'
    require_relative 'worker/processor'
    require_relative 'worker/registration'
    require_relative 'worker/roster'
    require_relative 'worker/signals'

    # @return [Logger]
    attr_reader :logger

    # @param domain [String]
    # @param task_list [String] where the worker's tasks wait
    # @param activities [Array<Class, Activity>] subclasses of {Activity}, or objects of them
    # @param concurrency [Integer] activities at once, each in a thread
    # @param pollers [Integer] polls at once, never more than there are free threads
    # @param graceful_timeout [Numeric] seconds that {#run} gives activities and polls when it is told to stop. AWS holds
    #   a poll for 60 s and may give it a task until then, so less than that can cost a task its timeout
    # @param identity [String, nil] what histories show as the worker; host and process id without it
    # @param register [Boolean] whether to register the activity types first
    # @param client [Aws::SWF::Client, SWF::Client, nil] by default one for `endpoint` and `region`
    # @param endpoint [String, nil] as {SWF.connect} takes it
    # @param region [String, nil] as {SWF.connect} takes it
    # @param codec [Codec] how payloads are read and written; it may have keys
    # @param stores [Hash{String => FileStore, S3Store}] by name: what does not fit SWF is written to the first, and
    #   read from all; see {Payloads}
    # @param middleware [Array<#call>] each is called with task, context and a block that goes on; outermost first
    # @param logger [Logger, nil] by default one that writes text to stderr
    # @raise [ArgumentError] for a setting that can't be right
    def initialize(domain:, task_list:, activities:, concurrency: 10, pollers: 2, graceful_timeout: 70,
                   identity: nil, register: true, client: nil, endpoint: nil, region: nil,
                   codec: Codec.default, stores: {}, middleware: [], logger: nil)
      @domain = name(:domain, domain)
      @task_list = name(:task_list, task_list)
      @roster = Roster.new(activities)
      @concurrency = positive(:concurrency, concurrency)
      @pollers = [positive(:pollers, pollers), concurrency].min
      @graceful_timeout = seconds(:graceful_timeout, graceful_timeout)
      @identity = (identity || "#{Socket.gethostname}:#{Process.pid}")[0, 256]
      @register = register
      @client = client
      @connection = { endpoint:, region: }
      @codec = Payloads.new(codec, stores:)
      @middleware = middleware
      @logger = logger || Log.logger
      @signals = Signals.new
      @stopping = Mutex.new
    end

    # Works until it is told to stop: by a signal, or by {#stop} from another thread.
    #
    # TERM and INT stop it within its graceful timeout, a second one at once; TSTP ends its polling; TTIN
    # logs what every thread is doing.
    #
    # @param signals [Boolean] whether to take over these signals; it must be the main thread then
    # @yield once the activity types are registered and it polls
    # @return [Boolean] whether every activity was left to end
    # @raise [ConfigurationError] when it can't start, or can't go on
    def run(signals: true)
      @signals.trap if signals
      start
      yield self if block_given?
      obey
      raise @failure if @failure

      @clean
    ensure
      @signals.restore
    end

    # Registers the activity types and begins to work, in threads.
    #
    # @return [self]
    # @raise [ConfigurationError] without credentials, or when SWF refuses the types
    def start
      raise Error, 'this worker has been started before' if @manager

      register if @register
      @heartbeats = Heartbeats.new(client:, logger:, senders: (@concurrency / 2).clamp(2, 10))
      @answers = Answers.new(client:, codec: @codec, logger:)
      @manager = Manager.new(shop, concurrency: @concurrency, on_failure: method(:fail_with))
      @heartbeats.start
      @manager.start
      logger.info { "polling task list #{@task_list} of domain #{@domain} for #{@roster}" }
      self
    end

    # Polls no more; activities under way go on.
    def quiet
      @manager&.quiet
      logger.info { 'quiet: no more polls' }
    end

    # Ends the worker: polls and activities under way have `timeout` seconds, then activities are asked to
    # stop, then failed so that another worker can take them. No thread is left.
    #
    # @param timeout [Numeric] seconds
    # @return [Boolean] whether every activity was left to end
    def stop(timeout: @graceful_timeout)
      @stopping.synchronize do
        @clean = wind_down(timeout) if @clean.nil?
        @signals.ring(:stopped)
        @clean
      end
    end

    # How many tasks wait in the task list: a measure of how many workers there should be.
    #
    # @return [Integer] SWF's count, which is approximate
    def backlog
      client.count_pending_activity_tasks(domain: @domain, task_list: { name: @task_list }).count
    end

    # @return [Hash{Symbol => Integer}] answers so far, by kind; see {Answers#counts}
    def counts
      @answers ? @answers.counts : {}
    end

    private

    def name(what, value)
      return value if value.is_a?(String) && value.length.between?(1, 256)

      raise ArgumentError, "#{what} is #{value.inspect}: SWF takes a text of 1 to 256 characters"
    end

    def positive(name, value)
      return value if value.is_a?(Integer) && value.positive?

      raise ArgumentError, "#{name} is #{value.inspect}: it takes a whole number above 0"
    end

    def seconds(name, value)
      return value if value.is_a?(Numeric) && value >= 0 && value.to_f.finite?

      raise ArgumentError, "#{name} is #{value.inspect}: it takes seconds, 0 or more"
    end

    # Made when first needed, so that a worker may be built before a process forks.
    def client
      @client ||= SWF.connect(**@connection)
    end

    def register
      registration = Registration.new(client:, domain: @domain, task_list: @task_list, logger:)
      @roster.each { |entry| registration.register(entry.definition) }
    end

    def shop
      poller = Poller.new(client:, domain: @domain, task_list: @task_list, identity: @identity,
                          limit: @pollers, logger:)
      Processor::Shop.new(poller:, roster: @roster, answers: @answers, heartbeats: @heartbeats, codec: @codec,
                          middleware: @middleware, logger:, domain: @domain, task_list: @task_list)
    end

    def obey
      stopper = nil
      while (word = @signals.next) != :stopped
        case word
        when :quiet then quiet
        when :threads then log_threads
        when :stop, :failed
          stopper && word == :stop ? hurry : stopper ||= Thread.new { stop }
        end
      end
    end

    def hurry
      logger.warn { 'told again to stop: stopping at once' }
      @manager.hurry
    end

    def fail_with(error)
      @failure ||= error
      @signals.ring(:failed)
    end

    def wind_down(timeout)
      return true unless @manager

      logger.info { "stopping: #{timeout} s for what is under way" }
      clean = @manager.stop(timeout)
      @heartbeats.stop
      logger.info { ['stopped', *counts.map { |kind, count| "#{kind} #{count}" }].join(', ') }
      clean
    end

    def log_threads
      @manager.threads.each do |thread|
        logger.info { "#{thread.name} is at\n  #{(thread.backtrace || []).join("\n  ")}" }
      end
    end
  end
end
