# frozen_string_literal: true

# The activities that every integration worker offers, in Ruby.

require 'securerandom'

Pyflow::Activity.define('echo', version: '1') { |value| value }

# The user codec of protocol/vectors: each byte XOR 0x5a, both ways. It is read, and nothing is written with it.
module TestXor
  def self.encode(bytes)
    bytes.each_byte.map { |byte| byte ^ 0x5a }.pack('C*')
  end
  singleton_class.alias_method(:decode, :encode)
end
Pyflow::Worker.configure(codecs: { 'test-xor' => TestXor }, apply: [])

FEATURES = { 'PYFLOW_STORE' => 'claim-check', 'PYFLOW_KEY_FILE' => 'encryption' }.freeze
Pyflow::Activity.define('supports', version: '1') do
  ['codecs', 'late-completion', *FEATURES.values_at(*(FEATURES.keys & ENV.keys))]
end

class Defer < Pyflow::Activity
  activity 'defer', version: '1'

  def call(file:)
    File.write("#{file}.part", context.complete_later)
    File.rename("#{file}.part", file) # nobody reads half a token
  end
end

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
