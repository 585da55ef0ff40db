# frozen_string_literal: true

module Pyflow
  # Seconds that never go backwards. Only differences mean anything.
  CLOCK = -> { Process.clock_gettime(Process::CLOCK_MONOTONIC) }
end
