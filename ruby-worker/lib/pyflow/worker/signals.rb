# frozen_string_literal: true

module Pyflow
  class Worker
    # What a worker's main thread waits for: words, from signals, from other threads, or from its parent.
    #
    # A trap handler may use neither a Mutex nor a Logger (ThreadError), so it writes one byte to a pipe
    # and everything else is done by the reader.
    class Signals
      # Signal => word; those that stop hurry the second time.
      TRAPS = { 'TERM' => :stop, 'INT' => :stop, 'TSTP' => :quiet, 'TTIN' => :threads }.freeze
      # Word => its byte
      WORDS = { stop: 's', hurry: 'h', quiet: 'q', threads: 't', failed: 'f', stopped: 'e', ended: 'c' }.freeze

      def initialize
        @reader, @writer = IO.pipe
        @previous = {}
      end

      # Takes over the signals of {TRAPS}, until {#restore}. Call it in the main thread.
      #
      # @param again [Symbol] the word for a second signal to stop
      # @param more [Hash{String => Symbol}] further signals and their words
      def trap(again: :hurry, more: {})
        stop = :stop
        TRAPS.merge(more).each do |name, word|
          @previous[name] = Signal.trap(name) do
            ring(word == :stop ? stop : word)
            stop = again if word == :stop
          end
        end
      end

      # Gives the signals back to whoever had them.
      def restore
        @previous.each { |name, handler| Signal.trap(name, handler || 'DEFAULT') }
        @previous.clear
      end

      # In a child that was forked: what reaches it before it has traps of its own is for its parent.
      def ignore
        @previous.each_key { |name| Signal.trap(name, TRAPS.key?(name) ? 'IGNORE' : 'DEFAULT') }
        @previous.clear
      end

      # @param word [Symbol] one of {WORDS}
      def ring(word)
        @writer.write_nonblock(WORDS.fetch(word))
      rescue IO::WaitWritable
        nil # a full pipe has woken the reader already
      end

      # @return [Symbol] the next word, waited for
      def next
        WORDS.key(@reader.getc)
      end

      # @return [IO] readable when there is a word
      def to_io
        @reader
      end

      # Both ends; for a process that was forked from the one that reads.
      def close
        [@reader, @writer].each(&:close)
      end
    end
  end
end
