# frozen_string_literal: true

module Pyflow
  class Worker
    # What a worker's main thread waits for: words, from signals or from other threads.
    #
    # A trap handler may use neither a Mutex nor a Logger (ThreadError), so it writes one byte to a pipe
    # and everything else is done by the reader.
    class Signals
      # Signal => word
      TRAPS = { 'TERM' => :stop, 'INT' => :stop, 'TSTP' => :quiet, 'TTIN' => :threads }.freeze
      # Word => its byte
      WORDS = { stop: 's', quiet: 'q', threads: 't', failed: 'f', stopped: 'e' }.freeze

      def initialize
        @reader, @writer = IO.pipe
        @previous = {}
      end

      # Takes over the signals of {TRAPS}, until {#restore}. Call it in the main thread.
      def trap
        TRAPS.each do |name, word|
          @previous[name] = Signal.trap(name) { ring(word) }
        end
      end

      # Gives the signals back to whoever had them.
      def restore
        @previous.each { |name, handler| Signal.trap(name, handler || 'DEFAULT') }
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
    end
  end
end
