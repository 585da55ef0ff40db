# frozen_string_literal: true

module Pyflow
  class Worker
    # What a worker counts, for {Exposition} and for those who run it. Threads share one.
    class Metrics
      # Upper bounds in seconds of the histogram of how long activities take.
      BOUNDS = [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600, 3600].freeze
      # What may come of a task.
      OUTCOMES = %i[completed failed canceled dropped handed_back deferred].freeze

      # Adds up what {#snapshot} gave in several processes.
      #
      # @param snapshots [Array<Hash>]
      # @return [Hash]
      def self.sum(snapshots)
        snapshots.inject(new.snapshot) { |sum, one| add(sum, one) }
      end

      # @api private
      def self.add(one, other)
        case one
        when Hash then one.merge(other) { |_, ours, theirs| add(ours, theirs) }
        when Array then one.zip(other).map { |pair| pair.compact.sum }
        else one + other
        end
      end
      private_class_method :add

      def initialize
        @lock = Mutex.new
        @tasks = {}
        @seconds = {}
        @polls = { 'task' => 0, 'empty' => 0, 'failed' => 0 }
        @heartbeats = { 'sent' => 0, 'failed' => 0 }
        @retries = 0
      end

      # @param activity [String] its name
      # @param outcome [Symbol] one of {OUTCOMES}
      def task(activity, outcome)
        @lock.synchronize do
          outcomes = (@tasks[activity] ||= Hash.new(0))
          outcomes[outcome.name] += 1
        end
      end

      # @param activity [String] its name
      # @param seconds [Numeric] from the task's coming to the activity's end
      def performed(activity, seconds)
        bucket = BOUNDS.index { |bound| seconds <= bound } || BOUNDS.size
        @lock.synchronize do
          row = (@seconds[activity] ||= [0] * (BOUNDS.size + 2))
          row[bucket] += 1
          row[-1] += seconds
        end
      end

      # @param outcome [Symbol] `:task`, `:empty` or `:failed`
      def poll(outcome)
        @lock.synchronize { @polls[outcome.name] += 1 }
      end

      # @param outcome [Symbol] `:sent` or `:failed`
      def heartbeat(outcome)
        @lock.synchronize { @heartbeats[outcome.name] += 1 }
      end

      # An answer is sent once more.
      def retried
        @lock.synchronize { @retries += 1 }
      end

      # @return [Hash{Symbol => Integer}] tasks by what came of them, those of {OUTCOMES} that did
      def counts
        Metrics.counts(snapshot)
      end

      # @param snapshot [Hash]
      # @return [Hash{Symbol => Integer}] as {#counts}
      def self.counts(snapshot)
        totals = snapshot['tasks'].each_value.inject({}) { |sum, one| add(sum, one) }
        OUTCOMES.to_h { |outcome| [outcome, totals.fetch(outcome.name, 0)] }.reject { |_, count| count.zero? }
      end

      # All counts as JSON has them. `seconds` are for each activity how many fell to each bound and above the last,
      # and their sum.
      #
      # @return [Hash{String => Hash, Integer}]
      def snapshot
        @lock.synchronize do
          { 'tasks' => @tasks.transform_values { |outcomes| {}.merge(outcomes) },
            'seconds' => @seconds.transform_values(&:dup), 'polls' => @polls.dup, 'heartbeats' => @heartbeats.dup,
            'retries' => @retries }
        end
      end
    end
  end
end
