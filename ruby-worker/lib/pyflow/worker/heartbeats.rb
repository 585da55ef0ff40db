# frozen_string_literal: true

require_relative 'beat'
require_relative '../clock'
require_relative 'faults'
require_relative 'log'
require_relative 'metrics'

module Pyflow
  class Worker
    # Sends the heartbeats of all activities: one thread knows when, others send.
    #
    # The thread that keeps the rhythm does no I/O, so a connection that hangs costs one sender and
    # nobody else's heartbeat; and a task whose heartbeats don't get through is given up in time.
    #
    # Senders are hired when none is idle. There may be one for each activity: where activities keep the processor busy,
    # Ruby lets each other thread run a tenth of a second before a sender's turn comes, and it needs two or three.
    class Heartbeats
      # One activity's beat, and what it takes to send it.
      Pulse = Struct.new(:task, :beat, :cancellation)
      private_constant :Pulse

      # @param senders [Integer] heartbeats under way at once, at most
      def initialize(client:, logger:, metrics: Metrics.new, senders: 2, clock: CLOCK)
        @client = client
        @logger = logger
        @metrics = metrics
        @senders = senders
        @clock = clock
        @lock = Mutex.new
        @changed = ConditionVariable.new
        @pulses = []
        @wakes_at = Float::INFINITY
        @outbox = Thread::Queue.new
        @threads = []
      end

      # Starts the thread of the rhythm.
      def start
        @threads << named('rhythm') { keep_rhythm }
      end

      # Ends the threads; a heartbeat under way is not waited for.
      def stop
        @lock.synchronize do
          @outbox.close
          @changed.broadcast
        end
        @threads.each { |thread| thread.join(0.1) || thread.kill }
        @threads.clear
      end

      # Keeps a task alive while the block runs.
      #
      # @param task [Task]
      # @param timeout [Numeric, nil] the heartbeat timeout in seconds
      # @param auto [Boolean]
      # @param cancellation [Activity::Cancellation] told when the activity should stop
      # @yieldparam record [#call] takes the encoded details of a heartbeat that the activity made
      def watch(task, cancellation, timeout:, auto:)
        pulse = add(task, cancellation, timeout:, auto:)
        yield ->(details) { record(pulse, details) }
      ensure
        remove(pulse)
      end

      # Keeps a task alive until {#remove}.
      #
      # @return [Object] the task's pulse
      def add(task, cancellation, timeout:, auto:)
        pulse = Pulse.new(task, Beat.new(timeout:, auto:, now: @clock.call), cancellation)
        change(pulse) { @pulses << pulse }
        pulse
      end

      # The activity made a heartbeat.
      #
      # @param pulse [Object]
      # @param details [String, nil] encoded
      def record(pulse, details)
        change(pulse) { pulse.beat.record(details, @clock.call) }
      end

      # @param pulse [Object]
      def remove(pulse)
        @lock.synchronize { @pulses.delete(pulse) }
      end

      private

      # Changes a beat, and lets the thread that keeps the rhythm look again if it would be too late: woken for
      # every task, it would take its turn of the interpreter from the activities.
      def change(pulse)
        @lock.synchronize do
          yield
          at = pulse.beat.wake_at
          next if at.nil? || at >= @wakes_at

          @wakes_at = at
          @changed.signal
        end
      end

      def keep_rhythm
        until @outbox.closed?
          lost = @lock.synchronize do
            wait
            queue_due
            @pulses.select { |pulse| pulse.beat.lost?(@clock.call) }.each { |pulse| @pulses.delete(pulse) }
          end
          lost.each { |pulse| give_up(pulse) }
        end
      end

      # A time that was set for an activity which is over stands, since the next activity mostly wants a later one.
      def wait
        now = @clock.call
        standing = @wakes_at > now ? @wakes_at : Float::INFINITY
        @wakes_at = @pulses.filter_map { |pulse| pulse.beat.wake_at }.push(standing).min
        left = @wakes_at - now
        @changed.wait(@lock, left.finite? ? left : nil) unless @outbox.closed? || left <= 0
      end

      def queue_due
        return if @outbox.closed?

        now = @clock.call
        @pulses.each do |pulse|
          next unless pulse.beat.due?(now)

          pulse.beat.take(now)
          @outbox << [pulse, pulse.beat.details]
          hire_sender if @outbox.size > @outbox.num_waiting && @threads.size <= @senders
        end
      end

      def hire_sender
        @threads << named("sender-#{@threads.size - 1}") { send_all }
      end

      def send_all
        while (pulse, details = @outbox.pop)
          Log.about(pulse.task) { send_one(pulse, details) }
        end
      end

      def send_one(pulse, details)
        members = { task_token: pulse.task.token, details: }.compact
        status = @client.record_activity_task_heartbeat(members)
        change(pulse) { pulse.beat.sent(@clock.call) }
        @metrics.heartbeat(:sent)
        cancel(pulse, :requested) if status.cancel_requested
      rescue StandardError => e
        return gone(pulse) if Faults.unknown_resource?(e)

        change(pulse) { pulse.beat.missed }
        @metrics.heartbeat(:failed)
        @logger.warn { Log::Line.new("heartbeat of #{pulse.task} failed", Faults.describe(e)) }
      end

      def gone(pulse)
        @lock.synchronize { @pulses.delete(pulse) }
        cancel(pulse, :gone)
      end

      def give_up(pulse)
        Log.about(pulse.task) { cancel(pulse, :heartbeat_lost) }
      end

      def cancel(pulse, reason)
        return unless pulse.cancellation.request(reason)

        @logger.info { "#{pulse.task} should stop: #{reason}" }
      end

      def named(name, &block)
        Thread.new(&block).tap do |thread|
          thread.name = "pyflow-#{name}"
          thread.report_on_exception = true
        end
      end
    end
  end
end
