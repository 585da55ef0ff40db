# frozen_string_literal: true

require 'optparse'

require_relative 'worker'

module Pyflow
  # The command `pyflow-worker`: loads files of activities and works for them until a signal ends it.
  #
  # Exit status 0 after a clean drain, 1 when activities were abandoned, 2 for bad input: one sentence on stderr.
  class CLI
    # @param arguments [Array<String>]
    # @return [Integer] the exit status
    def self.run(arguments)
      new.run(arguments)
    rescue OptionParser::ParseError, ConfigurationError, ArgumentError => e
      warn "pyflow-worker: #{e.message.lines.first.strip}"
      2
    rescue Aws::Errors::ServiceError, Seahorse::Client::NetworkingError => e
      warn "pyflow-worker: SWF can't be used: #{e.message.lines.first.to_s.strip}"
      2
    end

    def initialize
      @settings = { concurrency: 10, pollers: 2, graceful_timeout: 70, register: true }
      @files = []
      @log_format = :text
    end

    # @param arguments [Array<String>]
    # @return [Integer] the exit status
    def run(arguments)
      rest = parser.parse(arguments)
      raise ArgumentError, "#{rest.first} is no option: files of activities are given with -r" if rest.any?
      return 0 if @done

      check
      @files.each { |file| load_file(file) }
      worker.run { say_ready } ? 0 : 1
    end

    private

    # -- one line an option
    def parser
      OptionParser.new('pyflow-worker -r FILE --domain DOMAIN --task-list LIST [options]') do |on|
        on.on('-r', '--require FILE', 'Ruby file that defines activities; repeatable') { |file| @files << file }
        on.on('-d', '--domain DOMAIN', 'or PYFLOW_DOMAIN') { |text| @settings[:domain] = text }
        on.on('-t', '--task-list LIST') { |text| @settings[:task_list] = text }
        on.on('--endpoint-url URL', 'else AWS_ENDPOINT_URL_SWF, AWS_ENDPOINT_URL, AWS') { |url| @settings[:endpoint] = url }
        on.on('--region REGION') { |text| @settings[:region] = text }
        on.on('-c', '--concurrency N', Integer, 'activities at once (10)') { |count| @settings[:concurrency] = count }
        on.on('--pollers N', Integer, 'polls at once (2)') { |count| @settings[:pollers] = count }
        on.on('--graceful-timeout SECONDS', Float, 'for a stop (70)') { |count| @settings[:graceful_timeout] = count }
        on.on('--identity TEXT', 'shown in histories (ruby@HOST:PID)') { |text| @settings[:identity] = text }
        on.on('--[no-]register', 'register the activity types first') { |yes| @settings[:register] = yes }
        on.on('--log-format FORMAT', %i[text json], 'text or json') { |format| @log_format = format }
        on.on('--version') { finish(Worker::VERSION) }
        on.on('-h', '--help') { finish(on.help) }
      end
    end

    def finish(text)
      puts text
      @done = true
    end

    def check
      @settings[:domain] ||= ENV.fetch('PYFLOW_DOMAIN', nil)
      missing = { domain: '--domain', task_list: '--task-list' }.find { |name, _| @settings[name].to_s.empty? }
      raise ArgumentError, "#{missing.last} is missing" if missing
      raise ArgumentError, 'no file of activities is given: -r FILE' if @files.empty?
    end

    def load_file(file)
      raise ArgumentError, "there is no file #{file}" unless File.file?(file)

      require File.expand_path(file)
    rescue ScriptError => e
      raise ArgumentError, "#{file} can't be loaded: #{e.message.lines.first.strip}"
    end

    def worker
      activities = Activity.declared
      raise ArgumentError, "#{@files.join(', ')} declares no activity: class Name < Pyflow::Activity" if activities.empty?

      @settings[:identity] ||= "ruby@#{Socket.gethostname}:#{Process.pid}"
      Worker.new(activities:, logger: Worker::Log.logger(format: @log_format), **@settings)
    end

    def say_ready
      puts 'ready'
      $stdout.flush
    end
  end
end
