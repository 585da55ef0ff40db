# frozen_string_literal: true

module Pyflow
  class Activity
    # What an activity class declares: its type, and the defaults that SWF holds for that type. Frozen.
    #
    # Timeouts are seconds; SWF holds whole ones, so fractions are rounded up. Without one the
    # activity may take for ever.
    class Definition
      # The options that are timeouts.
      TIMEOUTS = %i[start_to_close_timeout heartbeat_timeout schedule_to_start_timeout
                    schedule_to_close_timeout].freeze
      # Source: SWF API, DurationInSecondsOptional: at most eight characters.
      LONGEST = 99_999_999
      # Source: SWF API, RegisterActivityType: what a name or version must not contain.
      FORBIDDEN = %r{[:/|\u0000-\u001f\u007f-\u009f]}

      # @return [String]
      attr_reader :name, :version
      # @return [String, nil]
      attr_reader :task_list, :description
      # @return [Integer, nil]
      attr_reader :priority
      # @return [Symbol] `:auto` or `:manual`
      attr_reader :heartbeat
      # @return [Object, nil] the {Shape} of the input; a hash of them for keywords
      attr_reader :input
      # @return [Numeric, nil] seconds
      attr_reader :start_to_close_timeout, :heartbeat_timeout, :schedule_to_start_timeout, :schedule_to_close_timeout

      # @param task_list [String, nil] where tasks go by default; the worker's own without it
      # @param priority [Integer, nil] the default task priority
      # @param description [String, nil] shown in consoles
      # @param heartbeat [Symbol] `:auto` beats also when the activity does not call `heartbeat`, which is how
      #   it learns of cancel requests; `:manual` beats only when it does
      # @param input [Object, nil] the {Shape} of the value that `call` takes, or a hash of shapes for its keywords; an
      #   input that does not fit fails the task with `pyflow.ArgumentError`
      # @param timeouts [Hash{Symbol => Numeric}] any of {TIMEOUTS}, in seconds
      # @raise [ArgumentError] for what SWF would refuse
      def initialize(name:, version:, task_list: nil, priority: nil, description: nil, heartbeat: :auto, input: nil,
                     **timeouts)
        @name = text(:name, name, 256)
        @version = text(:version, version, 64)
        @task_list = task_list && text(:task_list, task_list, 256)
        @priority = priority
        @description = description
        @heartbeat = mode(heartbeat)
        @input = input
        assign(timeouts)
        freeze
      end

      # @return [Array(String, String)] name and version, by which a task finds its activity
      def key
        [name, version]
      end

      # @return [String] as in `charge_card 1`
      def to_s
        "#{name} #{version}"
      end

      # @param timeout [Numeric, nil]
      # @return [String] as SWF writes durations
      def self.duration(timeout)
        timeout.nil? ? 'NONE' : timeout.ceil.to_s
      end

      private

      def text(what, value, limit)
        text = value.to_s
        return text.dup.freeze if text.length.between?(1, limit) && text != 'arn' && !text.match?(FORBIDDEN)

        raise ArgumentError, "activity #{what} #{text.inspect} is not what SWF takes: 1 to #{limit} characters, " \
                             'not "arn", none of : / | or control characters'
      end

      def mode(heartbeat)
        return heartbeat if %i[auto manual].include?(heartbeat)

        raise ArgumentError, "heartbeat of activity #{name} #{version} is #{heartbeat.inspect}: say :auto or :manual"
      end

      def assign(timeouts)
        unknown = timeouts.keys - TIMEOUTS
        raise ArgumentError, "activity #{name} #{version} has no option #{unknown.first}" if unknown.any?

        TIMEOUTS.each do |option|
          instance_variable_set(:"@#{option}", seconds(option, timeouts[option]))
        end
      end

      def seconds(option, value)
        return value if value.nil? || (value.is_a?(Numeric) && value.positive? && value <= LONGEST)

        raise ArgumentError, "#{option} of activity #{name} #{version} is #{value.inspect}: " \
                             "give seconds, above 0 and up to #{LONGEST}"
      end
    end
  end
end
