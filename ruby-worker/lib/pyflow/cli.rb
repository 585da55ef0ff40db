# frozen_string_literal: true

require 'optparse'

require_relative 'store/configuration'
require_relative 'worker'

module Pyflow
  # The command `pyflow-worker`: loads files of activities and works for them until a signal ends it.
  #
  # Exit status 0 after a clean drain, 1 when activities were abandoned, 2 for bad input: one sentence on stderr.
  class CLI
    # What was asked for can't be done as it was asked.
    class UsageError < StandardError; end

    # @param arguments [Array<String>]
    # @return [Integer] the exit status
    def self.run(arguments)
      new.run(arguments)
    rescue OptionParser::ParseError, UsageError, ConfigurationError => e
      warn "pyflow-worker: #{e.message.split.join(' ')}"
      2
    rescue Interrupt
      130
    end

    def initialize
      @settings = {}
      @files = []
      @stores = []
      @log = { format: :text, level: :info }
    end

    # @param arguments [Array<String>]
    # @return [Integer] the exit status
    def run(arguments)
      rest = parser.parse(arguments)
      raise UsageError, "#{rest.first} is no option: files of activities are given with -r" if rest.any?
      return 0 if @done

      check
      @files.each { |file| load_file(file) }
      trace if @traced
      worker.run { |working| say_ready(working) } ? 0 : 1
    end

    private

    def parser
      OptionParser.new('pyflow-worker -r FILE --domain DOMAIN --task-list LIST [options]') do |on|
        on.on('-r', '--require FILE', 'Ruby file that declares activities; may be repeated') { |file| @files << file }
        place(on)
        measures(on)
        payloads(on)
        watching(on)
        on.on('--tracing PROTOCOL', %w[otlp], 'otlp: sends spans, as the variables OTEL_… say') { @traced = true }
        on.on('--log-format FORMAT', %i[text json], 'text or json (text)') { |format| @log[:format] = format }
        on.on('--log-level LEVEL', %i[debug info warn error], 'debug, info, warn, error (info)') do |level|
          @log[:level] = level
        end
        on.on('--version', 'the version of pyflow-worker') { finish(Worker::VERSION) }
        on.on('-h', '--help', 'these lines') { finish(on.help) }
      end
    end

    def place(on)
      setting(on, :domain, '-d', '--domain DOMAIN', 'else PYFLOW_DOMAIN')
      setting(on, :task_list, '-t', '--task-list LIST', 'where tasks wait')
      setting(on, :endpoint, '--endpoint-url URL', 'else AWS_ENDPOINT_URL_SWF, AWS_ENDPOINT_URL, AWS')
      setting(on, :region, '--region REGION', "else the AWS SDK's chain; any at a loopback endpoint")
      setting(on, :identity, '--identity TEXT', 'shown in histories (ruby@HOST:PID)')
      setting(on, :register, '--[no-]register', 'register the activity types first (yes)')
      setting(on, :strict_registration, '--strict-registration',
              'end with 2 when a type is registered with other defaults (a warning without it)')
    end

    def measures(on)
      setting(on, :concurrency, '-c', '--concurrency N', Integer, 'activities at once (10)')
      setting(on, :pollers, '--pollers N', Integer, 'polls at once (2)')
      setting(on, :processes, '--processes N', Integer, 'processes that each do so, and one that watches them (none)')
      setting(on, :graceful_timeout, '--graceful-timeout SECONDS', Float, 'for what is under way at a stop (70)')
    end

    def watching(on)
      setting(on, :metrics_port, '--metrics-port PORT', Integer,
              'serves /metrics and /health to this machine; 0 is a free port, told after ready')
    end

    def payloads(on)
      on.on('--key-file FILE', 'JSON of the keys that payloads are encrypted with (else PYFLOW_KEY_FILE)') do |file|
        @key_file = file
      end
      on.on('--store [NAME=]WHERE', "folder or s3://BUCKET/PREFIX for what SWF can't hold; may be repeated, the first is " \
                                    'written to (else PYFLOW_STORE)') { |store| @stores << store }
    end

    def setting(on, name, *option)
      on.on(*option) { |value| @settings[name] = value }
    end

    def finish(text)
      puts text
      @done = true
    end

    def check
      @settings[:domain] ||= ENV.fetch('PYFLOW_DOMAIN', nil)
      missing = { domain: '--domain', task_list: '--task-list' }.find { |name, _| @settings[name].to_s.empty? }
      raise UsageError, "#{missing.last} is missing" if missing
      raise UsageError, 'no file of activities is given: -r FILE' if @files.empty?
    end

    # Whatever the file raises is told in one sentence that names it.
    def load_file(file)
      raise UsageError, "there is no file #{file}" unless File.file?(file)

      path = File.expand_path(file)
      path.end_with?('.rb') ? require(path) : load(path)
    rescue SystemExit
      raise UsageError, "#{file} ends the program when it is loaded"
    rescue ScriptError, StandardError => e
      raise if e.is_a?(UsageError)

      where = e.is_a?(SyntaxError) ? nil : e.backtrace&.first&.[](/\A.*?:\d+/)
      raise UsageError, "#{file} can't be loaded: #{e.message.lines.first.strip} (#{[e.class, where].compact.join(' at ')})"
    end

    def worker
      activities = Activity.declared
      if activities.empty?
        raise UsageError, "#{@files.join(', ')} declares no activity: class Name < Pyflow::Activity, and in it " \
                          "activity 'name', version: '1'"
      end

      keep_payloads
      Worker.new(activities:, logger:, **configured, **@settings)
    rescue ArgumentError => e
      raise UsageError, e.message
    end

    # An empty variable of the environment counts as none.
    def keep_payloads
      key_file = @key_file || ENV.fetch('PYFLOW_KEY_FILE', '')
      @stores = [ENV.fetch('PYFLOW_STORE', '')] if @stores.empty?
      codecs = Worker.configured.slice(:codecs, :apply)
      codecs[:keys] = Configuration.key_ring(key_file) unless key_file.empty?
      @settings[:codec] = Codec.new(**codecs) if codecs.any?
      stores = @stores.reject(&:empty?).to_h { |store| Configuration.store(store) }
      @settings[:stores] = stores if stores.any?
    end

    def configured
      Worker.configured.except(:codecs, :apply)
    end

    # Outermost, so that the other middleware is in the span. The worker closes it.
    def trace
      require_relative 'tracing'
      @settings[:middleware] = [Tracing.otlp(logger:), *Worker.configured[:middleware]]
    rescue ArgumentError => e
      raise UsageError, e.message
    end

    def logger
      @logger ||= Worker::Log.logger(**@log)
    end

    def say_ready(working)
      puts ['ready', *working.metrics_url&.then { |url| "metrics=#{url}/metrics" }].join(' ')
      $stdout.flush
    end
  end
end
