# frozen_string_literal: true

# What the measured Ruby worker can do.

Pyflow::Activity.define('nothing', version: '1') { |value| value }

Pyflow::Activity.define('nap', version: '1') { |seconds| sleep(seconds) && seconds }

# Never sleeps; looks every few milliseconds whether it should stop, and says when it was told so.
class Busy < Pyflow::Activity
  activity 'busy', version: '1', heartbeat_timeout: 5

  def call(seconds)
    finish = now + seconds
    while now < finish
      (1..20_000).inject(:+)
      50.times { |number| number.to_s * 100 }
      heartbeat
    end
    'never told to stop'
  rescue Pyflow::ActivityCanceled => e
    e.details = Time.now.to_f
    raise
  end

  private

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
