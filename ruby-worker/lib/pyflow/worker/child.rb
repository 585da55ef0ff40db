# frozen_string_literal: true

require 'json'

require_relative '../errors'
require_relative 'clock'
require_relative 'health'
require_relative 'metrics'
require_relative 'signals'

module Pyflow
  class Worker
    # A child process as its parent sees it. Words go down one pipe, reports come up another, a line of JSON each.
    class Child
      # Seconds between two reports, at least.
      INTERVAL = 1

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
      # @yield in the child, first: closes what is the parent's
      # @return [Child] in the parent; the child runs the worker and ends
      def self.fork(worker)
        leash, words = IO.pipe
        reports, telling = IO.pipe
        pid = Process.fork do
          [words, reports].each(&:close)
          yield
          exit_with(Life.new(worker, telling).status(leash))
        end
        [leash, telling].each(&:close)
        new(pid, words, reports)
      end

      # Activities that were abandoned may hold their threads for ever, and an ordinary exit waits for threads.
      def self.exit_with(status)
        status == 1 ? exit!(1) : exit(status)
      end
      private_class_method :exit_with

      # What the child does with its worker.
      class Life
        def initialize(worker, telling)
          @worker = worker
          @telling = telling
          @lock = Mutex.new
        end

        # @return [Integer] the exit status
        def status(leash)
          clean = @worker.run_as_child(leash) do
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
          @lock.synchronize do
            @told = numbers
            @telling.write("#{JSON.generate({ **@told, **more })}\n")
          end
        rescue Errno::EPIPE
          nil # the parent is gone, as the leash says too
        end
      end
      private_constant :Life

      def initialize(pid, words, reports)
        @pid = pid
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
        Signals.write(@words, word)
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

      # Closes the pipes.
      def close
        [@words, @reports].each { |pipe| pipe.close unless pipe.closed? }
      end

      # @return [IO] readable when it has reported
      def to_io
        @reports
      end

      private

      def take(report)
        @counts = report['counts']
        @state = report['state'] && Health::State.new(**report['state'].transform_keys(&:to_sym))
        @ready = true if report['ready']
        @failure = report['failure'] || @failure
      end
    end
  end
end
