# frozen_string_literal: true

require 'openssl'

require_relative '../clock'
require_relative 'otlp'

module Pyflow
  class Tracing
    # Hands spans on in batches, from a thread of its own, so that no activity waits for a collector, or fails with it.
    #
    # What finds no room, and what the exporter does not take in three tries, is dropped and counted. The thread begins with
    # the first span, in each process anew: a worker may fork.
    class Batch
      # Seconds before each further try.
      PAUSES = [1, 4].freeze
      # What a collector that is away for a while raises.
      PASSING = [SystemCallError, IOError, SocketError, Timeout::Error, OpenSSL::SSL::SSLError].freeze
      private_constant :PASSING

      # @return [Integer] how many spans were dropped
      attr_reader :dropped

      # @param exporter [#export] takes an Array of {Span}s, in the thread
      # @param room [Integer] spans that may wait
      # @param size [Integer] spans of a batch at most
      # @param delay [Numeric] seconds that a span waits for others
      # @param logger [Logger, nil] is told of what is dropped
      def initialize(exporter, room: 2048, size: 512, delay: 5, logger: nil)
        @exporter = exporter
        @room = room
        @size = size
        @delay = delay
        @logger = logger
        @lock = Mutex.new
        @changed = ConditionVariable.new
        begin_anew
      end

      # Takes spans, at once; never raises.
      #
      # @param spans [Array<Span>]
      def export(spans)
        @lock.synchronize do
          begin_anew unless @process == Process.pid
          kept = @closed ? [] : spans.first(@room - @waiting.size)
          @waiting.concat(kept)
          @dropped += spans.size - kept.size
          @thread ||= Thread.new { work }.tap { |thread| thread.name = 'pyflow-tracing' } unless @closed
          @changed.broadcast
        end
      end

      # Hands on what waits, and takes nothing more.
      #
      # @param timeout [Numeric] seconds at most
      def close(timeout: 10)
        return unless @process == Process.pid

        thread = @lock.synchronize do
          @closed = true
          @changed.broadcast
          @thread
        end
        thread&.join(timeout)
      end

      private

      def begin_anew
        @process = Process.pid
        @waiting = []
        @dropped = 0
        @closed = false
        @thread = nil
      end

      def work
        until (spans = next_batch).empty?
          hand_on(spans)
        end
      end

      # @return [Array<Span>] empty once closed and done
      def next_batch
        @lock.synchronize do
          @changed.wait(@lock) while @waiting.empty? && !@closed
          deadline = CLOCK.call + @delay
          until @closed || @waiting.size >= @size || (left = deadline - CLOCK.call) <= 0
            @changed.wait(@lock, left)
          end
          @waiting.shift(@size)
        end
      end

      def hand_on(spans, pauses = PAUSES.dup)
        @exporter.export(spans)
      rescue *PASSING, Otlp::Refused => e
        pause = pauses.shift unless e.is_a?(Otlp::Refused) && !e.passes?
        return drop(spans, e) unless pause && wait(pause)

        retry
      rescue StandardError => e # somebody else's exporter
        drop(spans, e)
      end

      # @return [Boolean] whether there is time for another try
      def wait(seconds)
        @lock.synchronize do
          deadline = CLOCK.call + seconds
          while !@closed && (left = deadline - CLOCK.call).positive?
            @changed.wait(@lock, left)
          end
          !@closed
        end
      end

      def drop(spans, error)
        @lock.synchronize { @dropped += spans.size }
        @logger&.warn { "#{spans.size} spans are dropped: #{error.class}: #{error.message}" }
      end
    end
  end
end
