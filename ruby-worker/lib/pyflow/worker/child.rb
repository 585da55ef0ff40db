# frozen_string_literal: true

require 'io/wait'
require 'json'

require_relative '../errors'
require_relative '../clock'
require_relative 'health'
require_relative 'heartbeats'
require_relative 'metrics'
require_relative 'parent_heartbeats'
require_relative 'signals'

module Pyflow
  class Worker
    # A child process as its parent sees it. Words go down one pipe, reports come up another, a line of JSON each.
    class Child
      # Seconds between two reports, at least.
      INTERVAL = 1

      # What of a task its heartbeats need, and the log.
      FACTS = %i[token name version activity_id workflow_id run_id task_list].freeze
      # A child's task as the parent knows it.
      Watched = Struct.new(*FACTS) do
        # @return [String] as {Task#to_s}
        def to_s
          "#{activity_id} (#{name} #{version})"
        end
      end
      # Tells a child that an activity should stop.
      Canceling = Struct.new(:child, :number) do
        # As {Activity::Cancellation#request}.
        def request(reason)
          child.say(cancel: [number, reason])
          true
        end
      end

      # @return [Integer]
      attr_reader :pid
      # @return [Float] by {CLOCK}
      attr_reader :born_at
      # @return [Hash] as {Metrics#snapshot}
      attr_reader :counts
      # @return [Health::State, nil]
      attr_reader :state
      # @return [String, nil] a sentence: why it can't work, and no other could
      attr_reader :failure

      # @param worker [Worker] that has not started
      # @param heartbeats [Heartbeats] of the parent
      # @yield in the child, first: closes what is the parent's
      # @return [Child] in the parent; the child runs the worker and ends
      def self.fork(worker, heartbeats)
        leash, words = IO.pipe
        reports, telling = IO.pipe
        pid = Process.fork do
          [words, reports].each(&:close)
          yield
          exit_with(Life.new(worker, telling, leash).status)
        end
        [leash, telling].each(&:close)
        new(pid, words, reports, heartbeats)
      end

      # Activities that were abandoned may hold their threads for ever, and an ordinary exit waits for threads.
      def self.exit_with(status)
        status == 1 ? exit!(1) : exit(status)
      end
      private_class_method :exit_with

      # What the child does with its worker.
      class Life
        def initialize(worker, telling, leash)
          @worker = worker
          @telling = telling
          @leash = leash
          @lock = Mutex.new
          @heartbeats = ParentHeartbeats.new { |message| write(message) }
        end

        # @return [Integer] the exit status
        def status
          clean = @worker.run_as_child(@heartbeats, method(:obey)) do
            tell(ready: true)
            report
          end
          clean ? 0 : 1
        rescue ConfigurationError => e
          tell(failure: e.message)
          2
        ensure
          tell
        end

        private

        # Heeds the parent, whose end means to stop.
        def obey(signals)
          Thread.new do
            while (line = @leash.gets)
              message = JSON.parse(line)
              number, reason = message['cancel']
              number ? @heartbeats.cancel(number, reason.to_sym) : signals.ring(message['word'].to_sym)
            end
            @heartbeats.orphaned
            signals.ring(:stop)
          end
        end

        def report
          Thread.new do
            loop do
              sleep(INTERVAL)
              now = numbers
              tell if now != @told
            end
          end
        end

        def numbers
          { counts: @worker.metrics.snapshot, state: @worker.state&.to_h }
        end

        def tell(**more)
          @told = numbers
          write({ **@told, **more })
        end

        # Without waiting, which would give Ruby's one running thread to others, unless the pipe is full.
        def write(message)
          line = "#{JSON.generate(message)}\n"
          @lock.synchronize do
            until line.empty?
              written = @telling.write_nonblock(line, exception: false)
              written == :wait_writable ? @telling.wait_writable : line = line.byteslice(written..)
            end
          end
        rescue Errno::EPIPE
          nil # the parent is gone, as the leash says too
        end
      end
      private_constant :Life

      def initialize(pid, words, reports, heartbeats)
        @pid = pid
        @heartbeats = heartbeats
        @pulses = {}
        @words = words
        @reports = reports
        @born_at = CLOCK.call
        @counts = Metrics.new.snapshot
        @heard = +''
      end

      # @return [Boolean] whether it polls
      def ready?
        @ready
      end

      # @param word [Symbol] one of {Signals::WORDS}
      def tell(word)
        say(word:)
      end

      # @param message [Hash{Symbol => Object}] a `word`, or what to `cancel`
      def say(message)
        @words.write_nonblock("#{JSON.generate(message)}\n")
      rescue IO::WaitWritable, IOError, Errno::EPIPE
        nil # a child that reads nothing, or is gone
      end

      # Reads what it has reported.
      def listen
        loop { @heard << @reports.read_nonblock(65_536) }
      rescue IO::WaitReadable, EOFError
        while (line = @heard.slice!(/\A.*\n/))
          take(JSON.parse(line))
        end
      end

      # @return [Boolean] whether the process has ended; it is reaped then
      def over?
        @ended ||= Process.wait2(pid, Process::WNOHANG)&.last
        listen if @ended
        !@ended.nil?
      end

      # @return [Integer, nil] its exit status; nil of one that a signal ended
      def status
        @ended.exitstatus
      end

      # @return [String] how it ended, for the log
      def end
        status ? "exit status #{status}" : "signal #{Signal.signame(@ended.termsig)}"
      end

      # Ends it without mercy.
      def kill
        Process.kill('KILL', pid)
      rescue Errno::ESRCH
        nil
      end

      # Closes the pipes, and beats no more.
      def close
        @pulses.each_value { |pulse| @heartbeats.remove(pulse) }
        close_pipes
      end

      # Closes the pipes.
      def close_pipes
        [@words, @reports].each { |pipe| pipe.close unless pipe.closed? }
      end

      # @return [IO] readable when it has reported
      def to_io
        @reports
      end

      private

      def take(report)
        return note(report) if report.key?('counts')

        case report.first
        in 'watch', [number, facts, timeout, auto]
          @pulses[number] = @heartbeats.add(Watched.new(*facts), Canceling.new(self, number), timeout:, auto:)
        in 'beat', [number, details] then @pulses[number]&.then { |pulse| @heartbeats.record(pulse, details) }
        in 'done', number then @pulses.delete(number)&.then { |pulse| @heartbeats.remove(pulse) }
        end
      end

      def note(report)
        @counts = report['counts']
        @state = report['state'] && Health::State.new(**report['state'].transform_keys(&:to_sym))
        @ready = true if report['ready']
        @failure = report['failure'] || @failure
      end
    end
  end
end
