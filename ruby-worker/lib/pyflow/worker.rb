# frozen_string_literal: true

require 'socket'

require_relative 'activity'
require_relative 'activity_completion'
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
  # {#run} is the whole life of a worker process, or with `processes` of a parent and its children. A program that has a
  # life of its own uses {#start} and {#stop}.
  class Worker
    require_relative 'worker/version'
    require_relative 'worker/answers'
    require_relative 'worker/checks'
    require_relative 'worker/heartbeats'
    require_relative 'worker/log'
    require_relative 'worker/manager'
    require_relative 'worker/metrics'
    require_relative 'worker/poller'
    require_relative 'worker/processor'
    require_relative 'worker/registration'
    require_relative 'worker/roster'
    require_relative 'worker/signals'

    @configured = {}

    class << self
      # @return [Hash{Symbol => Object}] what {configure} was told so far
      attr_reader :configured

      # Says, in a file that the command `pyflow-worker` loads, what its options can't: `middleware`, a `client`, or any
      # other setting of {#initialize}; options win.
      #
      #     Pyflow::Worker.configure(middleware: [->(*, &activity) { Rails.application.reloader.wrap(&activity) }])
      #
      # @param settings [Hash{Symbol => Object}] and `codecs` and `apply`, as {Codec#initialize} takes them
      def configure(**settings)
        @configured = @configured.merge(settings)
      end
    end

    # @return [Logger]
    attr_reader :logger
    # @return [Metrics] of this process
    attr_reader :metrics
    # @return [Integer] seconds for what is under way at a stop
    attr_reader :graceful_timeout

    # @param domain [String]
    # @param task_list [String] where the worker's tasks wait
    # @param activities [Array<Class, Activity>] subclasses of {Activity}, or objects of them
    # @param concurrency [Integer] activities at once, each in a thread; of each process
    # @param pollers [Integer] polls at once, never more than there are free threads; of each process
    # @param processes [Integer, nil] {#run} forks so many children that work, watches them and sends their heartbeats;
    #   without it, it works in its own process
    # @param graceful_timeout [Numeric] seconds that {#run} gives activities and polls when it is told to stop. AWS holds
    #   a poll for 60 s and may give it a task until then, so less than that can cost a task its timeout
    # @param identity [String, nil] what histories show as the worker; `ruby@HOST:PID` without it
    # @param register [Boolean] whether to register the activity types first
    # @param strict_registration [Boolean] whether a type that is registered with other defaults is an error, not a warning
    # @param metrics_port [Integer, nil] serves `/metrics` and `/health` to this machine; 0 takes a free port
    # @param client [Aws::SWF::Client, SWF::Client, nil] by default one for `endpoint` and `region`, in each process
    # @param endpoint [String, nil] as {SWF.connect} takes it
    # @param region [String, nil] as {SWF.connect} takes it
    # @param codec [Codec] how payloads are read and written; it may have keys
    # @param stores [Hash{String => FileStore, S3Store}] by name: what does not fit SWF is written to the first, and
    #   read from all; see {Payloads}
    # @param middleware [Array<#call>] each is called with task, context and a block that goes on, and gives the result;
    #   outermost first. One that has `close` is told when the worker has stopped
    # @param logger [Logger, nil] by default one that writes text to stderr
    # @raise [ArgumentError] for a setting that can't be right
    def initialize(domain:, task_list:, activities:, concurrency: 10, pollers: 2, processes: nil, graceful_timeout: 70,
                   identity: nil, register: true, strict_registration: false, metrics_port: nil, client: nil,
                   endpoint: nil, region: nil, codec: Codec.default, stores: {}, middleware: [], logger: nil)
      @domain = Checks.name(:domain, domain)
      @task_list = Checks.name(:task_list, task_list)
      @roster = Roster.new(activities)
      @concurrency = Checks.positive(:concurrency, concurrency)
      @pollers = [Checks.positive(:pollers, pollers), concurrency].min
      @processes = processes && Checks.positive(:processes, processes)
      @graceful_timeout = Checks.seconds(:graceful_timeout, graceful_timeout)
      @identity = identity
      @register = register
      @strict = strict_registration
      @metrics_port = Checks.port(:metrics_port, metrics_port)
      @given_client = client
      @connection = { endpoint:, region: }
      @codec = Payloads.new(codec, stores:)
      @middleware = middleware
      @logger = logger || Log.logger
      @stopping = Mutex.new
      begin_anew
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
    def run(signals: true, &ready)
      return prefork.run(signals:, &ready) if @processes

      @signals.trap if signals
      start
      yield self if block_given?
      obey
      raise @failure if @failure

      @clean
    ensure
      @signals.restore
    end

    # Registers the activity types and begins to work, in threads of this process.
    #
    # @return [self]
    # @raise [ConfigurationError] without credentials, when SWF refuses the types, or when the metrics' port is taken
    # @raise [Error] a second time, and of a worker of several processes
    def start
      raise Error, 'this worker has been started before' if @manager
      raise Error, 'a worker of processes is started by run' if @processes

      register_types if @register
      @heartbeats ||= heartbeats(metrics)
      @answers = Answers.new(client:, codec: @codec, logger:, metrics:)
      @manager = Manager.new(shop, concurrency: @concurrency, on_failure: method(:fail_with))
      serve_metrics { [metrics.snapshot, [@manager.state]] }
      @heartbeats.start
      @manager.start
      logger.info { "polling task list #{@task_list} of domain #{@domain} for #{@roster}" }
      self
    end

    # Polls no more; activities under way go on.
    def quiet
      return @prefork.ring(:quiet) if @prefork

      @manager&.quiet
      logger.info { 'quiet: no more polls' }
    end

    # Ends the worker: polls and activities under way have `timeout` seconds, then activities are asked to
    # stop, then failed so that another worker can take them. No thread is left.
    #
    # @param timeout [Numeric] seconds; children of a worker of several processes have its graceful timeout
    # @return [Boolean] whether every activity was left to end
    def stop(timeout: @graceful_timeout)
      return @prefork.stop if @prefork

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

    # @return [Hash{Symbol => Integer}] tasks so far, by what came of them: those of {Metrics::OUTCOMES} that did
    def counts
      @prefork ? Metrics.counts(@prefork.numbers.first) : metrics.counts
    end

    # @return [String, nil] where {Endpoint} serves metrics, once it does
    def metrics_url
      @endpoint&.url
    end

    # @return [Health::State, nil] of this process, once started
    # @api private
    def state
      @manager&.state
    end

    # @api private
    # Registers the activity types.
    #
    # @raise [ConfigurationError]
    def register_types
      Registration.new(client:, domain: @domain, task_list: @task_list, logger:, strict: @strict)
                  .register(@roster.map(&:definition))
    end

    # @api private
    # Serves metrics, if that was asked for.
    #
    # @yieldreturn [Array(Hash, Array<Health::State>)] as {Endpoint#initialize} takes it
    def serve_metrics(&numbers)
      return unless @metrics_port

      require_relative 'worker/endpoint'
      @endpoint = Endpoint.new(@metrics_port, &numbers)
      logger.info { "metrics at #{@endpoint.url}/metrics, health at #{@endpoint.url}/health" }
    end

    # @api private
    # @param metrics [Metrics]
    # @param processes [Integer] that have activities
    # @return [Heartbeats] of as many activities as there may be
    def heartbeats(metrics, processes = 1)
      Heartbeats.new(client:, logger:, metrics:, senders: @concurrency * processes)
    end

    # @api private
    # Serves metrics no more.
    def close_metrics
      @endpoint&.close
      @endpoint = nil
    end

    # @api private
    # What a forked child does: begins anew, with a client of its own, and works until its parent says.
    #
    # @param heartbeats [ParentHeartbeats]
    # @param obey [#call] takes the signals, and rings them when the parent says so, or is gone
    # @yield once it polls
    # @return [Boolean] as {#run}
    def run_as_child(heartbeats, obey, &ready)
      @processes = nil
      @register = false
      @prefork = @metrics_port = nil
      begin_anew
      @heartbeats = heartbeats
      @signals.trap(again: :stop) # a signal to the whole group reaches the parent too, who says it again
      obey.call(@signals)
      run(signals: false, &ready)
    end

    private

    # Nothing that belongs to one process is there yet.
    def begin_anew
      @signals = Signals.new
      @metrics = Metrics.new
      @client = @given_client
    end

    # Made when first needed, so that a worker may be built before a process forks.
    def client
      @client ||= SWF.connect(**@connection)
    end

    def prefork
      require_relative 'worker/prefork'
      register_types if @register
      @prefork = Prefork.new(self, processes: @processes)
    end

    def identity
      (@identity || "ruby@#{Socket.gethostname}:#{Process.pid}")[0, 256]
    end

    def shop
      poller = Poller.new(client:, domain: @domain, task_list: @task_list, identity:, limit: @pollers, logger:, metrics:)
      Processor::Shop.new(poller:, roster: @roster, answers: @answers, heartbeats: @heartbeats, codec: @codec,
                          middleware: @middleware, logger:, metrics:, domain: @domain, task_list: @task_list)
    end

    def obey
      stopper = nil
      while (word = @signals.next) != :stopped
        case word
        when :quiet then quiet
        when :threads then log_threads
        when :stop, :failed then stopper ||= Thread.new { stop }
        when :hurry then hurry
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
      @middleware.each { |each| each.close if each.respond_to?(:close) }
      close_metrics
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
