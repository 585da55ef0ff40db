# frozen_string_literal: true

module Pyflow
  class Worker
    # How long to wait after so many failures in a row: doubling, and anything up to that at random, so
    # that workers which failed together don't come back together.
    class Backoff
      # @param first [Numeric] seconds at most after one failure
      # @param limit [Numeric] seconds at most after many
      # @param random [#rand] where chance comes from
      def initialize(first: 0.1, limit: 30, random: Random)
        @first = first
        @limit = limit
        @random = random
      end

      # @param failures [Integer] from 1
      # @return [Float] seconds
      def delay(failures)
        ceiling = [@first * (2**[failures - 1, 30].min), @limit].min
        @random.rand * ceiling
      end
    end
  end
end
