# frozen_string_literal: true

# The activities that every integration worker offers, in Ruby.

require 'securerandom'

Pyflow::Activity.define('echo', version: '1') { |value| value }

FEATURES = { 'PYFLOW_STORE' => 'claim-check', 'PYFLOW_KEY_FILE' => 'encryption' }.freeze
Pyflow::Activity.define('supports', version: '1') { FEATURES.values_at(*(FEATURES.keys & ENV.keys)) }

class Fail < Pyflow::Activity
  activity 'fail', version: '1'

  def call(type:, message:, non_retryable: false, details: nil, causes: 0)
    error = Pyflow::ApplicationError.new(message, type: type, non_retryable: non_retryable, details: details)
    raise error, cause: chain(causes, type, message)
  end

  private

  def chain(length, type, message)
    return if length.zero?

    begin
      raise Pyflow::ApplicationError.new(message, type: type), cause: chain(length - 1, type, message)
    rescue Pyflow::ApplicationError => e
      e
    end
  end
end

class Crash < Pyflow::Activity
  activity 'crash', version: '1'

  def call(message)
    raise KeyError, 'the cause'
  rescue KeyError
    raise ArgumentError, message
  end
end

class Quit < Pyflow::Activity
  activity 'quit', version: '1'

  def call
    exit 3
  end
end

class Dive < Pyflow::Activity
  activity 'dive', version: '1'

  def call
    call
  end
end

class Hold < Pyflow::Activity
  activity 'hold', version: '1', heartbeat_timeout: 10

  BEAT_EVERY = 0.05 # seconds

  def call(seconds:, padding: nil)
    beats = 0
    finish = now + seconds
    while now < finish
      beats += 1
      heartbeat({ 'beats' => beats, 'padding' => padding }.compact)
      context.sleep(BEAT_EVERY)
    end
    'held'
  rescue Pyflow::ActivityCanceled => e
    e.details = { 'beats' => beats }
    raise
  end

  private

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end

class Doze < Pyflow::Activity
  activity 'doze', version: '1', heartbeat: :manual

  def call(seconds:)
    Kernel.sleep(seconds)
    'dozed'
  end
end

class Resume < Pyflow::Activity
  activity 'resume', version: '1', heartbeat: :manual

  def call(seconds:)
    return context.info.last_heartbeat if context.info.last_heartbeat

    heartbeat({ 'row' => 7, 'card' => '4111' })
    Kernel.sleep(seconds)
  end
end

class Rest < Pyflow::Activity
  activity 'rest', version: '1'

  def call(seconds:)
    Kernel.sleep(seconds)
    'rested'
  end
end

class Bulk < Pyflow::Activity
  activity 'bulk', version: '1'

  def call(bytes:)
    SecureRandom.random_bytes(bytes)
  end
end
