# frozen_string_literal: true

module Pyflow
  class Worker
    # When the heartbeats of one activity are due. No thread, no clock: every call says what time it is.
    #
    # SWF times a task out when it hears nothing for the heartbeat timeout; two beats and a bit fit into one.
    class Beat
      # The share of the heartbeat timeout between two beats.
      SHARE = 0.4
      # Seconds between two beats, whatever the timeout.
      RANGE = (0.2..30.0)
      # Seconds between two beats when no timeout is known.
      UNKNOWN = 10.0

      # @return [Float] seconds between two beats
      attr_reader :interval
      # @return [String, nil] the newest details, encoded
      attr_reader :details

      # @param timeout [Numeric, nil] the heartbeat timeout in seconds
      # @param auto [Boolean] whether to beat also when the activity does not
      # @param now [Float] when the task came
      def initialize(timeout:, auto:, now:)
        @timeout = timeout
        @auto = auto
        @interval = timeout ? (timeout * SHARE).clamp(RANGE) : UNKNOWN
        @due = auto ? now + interval : nil
        @earliest = now
        @waiting_since = auto ? now : nil
        @fresh = false
        @sending = false
      end

      # The activity called `heartbeat`. The first call is due at once, later ones an interval after the last.
      def record(details, now)
        @details = details
        @fresh = true
        @waiting_since ||= now
        @due = [@due, [@earliest, now].max].compact.min
      end

      # @return [Boolean] whether a heartbeat should be sent
      def due?(now)
        !@sending && !@due.nil? && @due <= now
      end

      # A heartbeat with {#details} is being sent.
      def take(now)
        @sending = true
        @fresh = false
        @earliest = now + interval
        @due = @auto ? @earliest : nil
      end

      # SWF has heard the heartbeat.
      def sent(now)
        @sending = false
        @waiting_since = @auto || @fresh ? now : nil
      end

      # SWF has not heard it; it is due again an interval after it was.
      def missed
        @sending = false
        @fresh = true
        @due = @earliest
      end

      # @return [Boolean] whether SWF has surely timed the task out for want of heartbeats
      def lost?(now)
        !lost_at.nil? && lost_at <= now
      end

      # @return [Float, nil] when there is next something to do; nil when nothing is expected
      def wake_at
        [@sending ? nil : @due, lost_at].compact.min
      end

      private

      def lost_at
        @timeout && @waiting_since && (@waiting_since + @timeout)
      end
    end
  end
end
