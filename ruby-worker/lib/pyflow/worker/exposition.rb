# frozen_string_literal: true

require_relative 'metrics'

module Pyflow
  class Worker
    # Counts as Prometheus reads them; the names are the same in three languages.
    module Exposition
      # What the text is, for HTTP.
      TYPE = 'text/plain; version=0.0.4; charset=utf-8'
      ESCAPES = { '\\' => '\\\\', '"' => '\\"', "\n" => '\\n' }.freeze
      private_constant :ESCAPES

      module_function

      # @param counts [Hash] as {Metrics#snapshot}
      # @param slots [Integer] activities at once
      # @param busy [Integer] of them those that have a task
      # @return [String]
      def text(counts, slots:, busy:)
        [*counters(counts), *histogram(counts['seconds']),
         *family('pyflow_activity_slots', 'gauge', 'Activities that may run at once.', [[{}, slots]]),
         *family('pyflow_activity_slots_busy', 'gauge', 'Of them those that have a task.', [[{}, busy]])].join
      end

      # @!visibility private
      def counters(counts)
        [family('pyflow_activity_tasks_total', 'counter', 'Activity tasks by what came of them.', tasks(counts['tasks'])),
         family('pyflow_activity_polls_total', 'counter', 'Polls for activity tasks.', by_outcome(counts['polls'])),
         family('pyflow_activity_heartbeats_total', 'counter', 'Heartbeats.', by_outcome(counts['heartbeats'])),
         family('pyflow_activity_answer_retries_total', 'counter', 'Answers that were sent once more.',
                [[{}, counts['retries']]])].flatten
      end

      # @!visibility private
      def tasks(tasks)
        tasks.flat_map do |activity, outcomes|
          outcomes.map { |outcome, count| [{ activity:, outcome: }, count] }
        end
      end

      # @!visibility private
      def by_outcome(outcomes)
        outcomes.map { |outcome, count| [{ outcome: }, count] }
      end

      # @!visibility private
      def histogram(seconds)
        name = 'pyflow_activity_seconds'
        rows = seconds.flat_map do |activity, (*buckets, sum)|
          below = 0
          counted = buckets.map { |count| below += count }
          [*[*Metrics::BOUNDS, '+Inf'].zip(counted).map { |le, count| sample("#{name}_bucket", { activity:, le: }, count) },
           sample("#{name}_sum", { activity: }, sum.round(6)), sample("#{name}_count", { activity: }, below)]
        end
        [*head(name, 'histogram', 'Seconds that activities took.'), *rows]
      end

      # @!visibility private
      def family(name, type, help, samples)
        [*head(name, type, help), *samples.map { |labels, value| sample(name, labels, value) }]
      end

      # @!visibility private
      def head(name, type, help)
        ["# HELP #{name} #{help}\n", "# TYPE #{name} #{type}\n"]
      end

      # @!visibility private
      def sample(name, labels, value)
        pairs = labels.map { |label, text| "#{label}=\"#{text.to_s.gsub(/[\\"\n]/, ESCAPES)}\"" }
        "#{name}#{"{#{pairs.join(',')}}" if pairs.any?} #{value}\n"
      end

      private_class_method :counters, :tasks, :by_outcome, :histogram, :family, :head, :sample
    end
  end
end
