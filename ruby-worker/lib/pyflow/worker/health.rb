# frozen_string_literal: true

require_relative '../clock'

module Pyflow
  class Worker
    # Whether a worker does what it is there for, as a load balancer or an orchestrator asks.
    #
    # A worker is unreachable when it wants tasks and no poll has ended well for {SILENCE}; one whose slots are all
    # busy wants none.
    module Health
      # Seconds: a poll takes up to 60, and one that fails is followed by a pause of up to 30.
      SILENCE = 150

      # A process's share: its slots, the busy ones, when a poll last ended well, since when it has been waiting for
      # one to (nil when it wants none), whether it has stopped polling. Times are those of {CLOCK}, which the
      # processes of one machine share.
      State = Struct.new(:slots, :busy, :polled_at, :asking_since, :draining, keyword_init: true)

      # @param states [Array<State>] of all processes
      # @param now [Float]
      # @return [Hash{String => Object}] what `/health` says
      def self.of(states, now: CLOCK.call)
        oldest = states.map(&:polled_at).min
        { 'status' => status(states, now), 'slots' => states.sum(&:slots), 'busy' => states.sum(&:busy),
          'seconds_since_poll' => oldest && (now - oldest).round(3) }
      end

      def self.status(states, now)
        return 'draining' if states.any?(&:draining)

        silent = states.any? do |state|
          state.asking_since && now - [state.asking_since, state.polled_at].max > SILENCE
        end
        silent || states.empty? ? 'unreachable' : 'ok'
      end
      private_class_method :status
    end
  end
end
