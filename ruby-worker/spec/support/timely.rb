# frozen_string_literal: true

require 'timeout'

# Waiting for what other threads do: for an event, never for a time.
module Timely
  # @return [Object] the queue's next element
  def next_of(queue, seconds: 60)
    Timeout.timeout(seconds) { queue.pop }
  end

  # A block that runs in a thread of its own and must end in time.
  def ended(thread, seconds: 60)
    Timeout.timeout(seconds) { thread.value }
  end

  # @return [Logger] and what it wrote, as one String that grows
  def text_log
    lines = StringIO.new
    [Pyflow::Worker::Log.logger(lines, level: :debug), lines.string]
  end
end
