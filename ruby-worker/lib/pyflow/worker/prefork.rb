# frozen_string_literal: true

require 'seahorse'

require_relative 'backoff'
require_relative 'child'
require_relative '../clock'
require_relative 'latch'
require_relative 'log'
require_relative 'metrics'
require_relative 'signals'

module Pyflow
  class Worker
    # Several processes that work, and their parent, which does not: it forks them, passes on what signals say, replaces
    # a child that died, adds up what they count, and waits for all of them at the end. It sends their heartbeats too:
    # activities that keep a child busy keep none of them waiting.
    #
    # Each child makes its client after the fork. It heeds its parent's words, not a signal that the whole group gets;
    # and it stops when its parent is gone.
    class Prefork
      # Seconds a child may take beyond its graceful timeout, until it is killed.
      GRACE = 20
      # A child that has lived so many seconds was not the reason for the death of the next one.
      SETTLED = 60
      # The exit status that the death of a child by a signal counts as.
      KILLED = 1

      # @param worker [Worker] that has not started
      # @param processes [Integer]
      # @param backoff [Backoff] before a child that died is replaced
      def initialize(worker, processes:, backoff: Backoff.new)
        @worker = worker
        @processes = processes
        @backoff = backoff
        @logger = worker.logger
        @signals = Signals.new
        @children = []
        @hires = []
        @deaths = 0
        @retired = Metrics.new.snapshot
        @metrics = Metrics.new
        @heartbeats = worker.heartbeats(@metrics, processes)
        @lock = Mutex.new
        @over = Latch.new
        @worst = 0
      end

      # Works until told to stop, as {Worker#run}.
      #
      # @return [Boolean] whether every activity of every child was left to end
      # @raise [ConfigurationError] that a child could not start, or go on, with
      def run(signals: true)
        @signals.trap(more: { 'CLD' => :ended }) if signals
        @worker.serve_metrics { numbers }
        @heartbeats.start
        @processes.times { hire }
        until over?
          wait
          next unless !@ready && @lock.synchronize { @children.size == @processes && @children.all?(&:ready?) }

          @ready = true
          yield @worker if block_given?
        end
        raise ConfigurationError, @failure if @failure

        @worst.zero?
      ensure
        leave
      end

      # Stops all children, from another thread, and waits for their end.
      #
      # @return [Boolean] as {#run}
      def stop
        ring(:stop)
        nil until @over.wait(60)
        @worst.zero?
      end

      # @param word [Symbol] one of {Signals::WORDS}
      def ring(word)
        @signals.ring(word)
      end

      # @return [Array(Hash, Array<Health::State>)] what all children have counted, those that are gone too; and how the
      #   living ones are
      def numbers
        @lock.synchronize do
          [Metrics.sum([@retired, @metrics.snapshot, *@children.map(&:counts)]), @children.filter_map(&:state)]
        end
      end

      private

      def over?
        @stopping && @children.empty?
      end

      def hire
        Seahorse::Client::NetHttp::ConnectionPool.pools.each(&:empty!) # a connection must not have two processes
        siblings = @children.dup
        child = Child.fork(@worker, @heartbeats) do
          @signals.ignore
          @signals.close
          @worker.close_metrics
          siblings.each(&:close_pipes)
        end
        @lock.synchronize { @children << child }
        @logger.info { "child #{child.pid} is started" }
      end

      def wait
        now = CLOCK.call
        due, @hires = @hires.partition { |at| at <= now }
        due.each { hire } unless @stopping || @quiet
        ready = IO.select([@signals, *@children], nil, nil, [*@hires, *@deadline].min&.then { |at| [at - now, 0].max })
        listen(ready ? ready.first : [])
        kill if @deadline && CLOCK.call >= @deadline
      end

      def listen(speakers)
        heard, signals = speakers.partition { |speaker| speaker.is_a?(Child) }
        heard.each { |child| @lock.synchronize { child.listen } }
        obey(@signals.next) if signals.any?
        @children.select(&:over?).each { |child| bury(child) }
      end

      def obey(word)
        case word
        when :stop then stop_all(:stop)
        when :hurry then stop_all(:hurry)
        when :quiet, :threads
          @quiet ||= word == :quiet
          tell(word)
        end
      end

      def stop_all(word)
        @logger.info { "stopping #{@children.size} children" } unless @stopping
        @stopping = true
        @deadline = CLOCK.call + GRACE + (word == :stop ? @worker.graceful_timeout : 0)
        tell(word)
      end

      def tell(word)
        @children.each { |child| child.tell(word) }
      end

      def bury(child)
        child.close
        @lock.synchronize do
          @children.delete(child)
          @retired = Metrics.sum([@retired, child.counts])
        end
        return give_up(child.failure) if child.failure
        return @worst = [@worst, child.status || KILLED].max if @stopping || @quiet

        replace(child)
      end

      # What one child can't go on with, none can.
      def give_up(failure)
        @failure ||= failure
        stop_all(:stop) unless @stopping
      end

      def replace(child)
        @deaths = 0 if CLOCK.call - child.born_at > SETTLED
        pause = @backoff.delay(@deaths += 1)
        @logger.error { format('child %d ended (%s) and is replaced in %.1f s', child.pid, child.end, pause) }
        @hires << (CLOCK.call + pause)
      end

      def kill
        @deadline = CLOCK.call + GRACE
        @children.each do |child|
          @logger.error { "child #{child.pid} does not end and is killed" }
          child.kill
        end
      end

      def leave
        @signals.restore
        @children.each(&:kill) # none, but after an error
        @heartbeats.stop
        @worker.close_metrics
        @over.set
      end
    end
  end
end
