# frozen_string_literal: true

# Reads payloads and failures on standard input, one a line, and says what they mean: see ../decoders.py.
$LOAD_PATH.unshift(File.expand_path('../../ruby-worker/lib', __dir__), File.expand_path('../../ruby-worker/spec', __dir__))
require 'pyflow/worker'
require 'support/notation'

CODEC = Pyflow::Codec.new(codecs: Notation.codecs)
WRITER = Pyflow::Codec.new
ENDLESS = 2**31 - 1

def text(word)
  return { '-' => nil, '=' => '' }[word] if %w[- =].include?(word)

  utf16 = word.unpack1('m0').force_encoding('UTF-16BE')
  utf16.valid_encoding? ? utf16.encode('UTF-8') : utf16.b.unpack('n*').pack('U*')
end

def word(text)
  text.nil? ? '-' : [text].pack('m0').then { |encoded| encoded.empty? ? '=' : encoded }
end

def packed(value)
  value = value.ref if value.is_a?(Pyflow::Codec::Reference)
  word(WRITER.encode(value, coding: :msgpack, limit: ENDLESS))
end

def payload(text)
  read = CODEC.read(text)
  headers = read.headers.flat_map { |name, value| [word(name), packed(value)] }
  written = read.value.is_a?(Pyflow::Codec::Reference) ? nil : WRITER.encode(read.value, limit: ENDLESS)
  [packed(read.value), word(read.id), read.enveloped ? 'enveloped' : 'plain', word(written), *headers]
end

def failure(reason, details)
  WRITER.encode_failure(CODEC.decode_failure(reason, details)).map { |part| word(part) }
end

def write(asked)
  codec = Pyflow::Codec.new(codecs: Notation.codecs(asked['codecs']))
  return codec.encode_failure(WRITER.decode_failure(*asked['failure'])).map { |part| word(part) } if asked['failure']

  value = WRITER.decode(asked['value'])
  return [word(codec.encode_heartbeat(value)), '-'] if asked['heartbeat']

  written = codec.write(value, limit: asked['limit'], coding: asked['coding'].to_sym, id: asked['id'],
                               headers: WRITER.decode(asked['headers']) || {}, store: asked['store'])
  [word(written.text), written.stored ? [written.stored].pack('m0') : '-']
end

ANSWERS = {
  'payload' => ->(text) { payload(text) }, 'failure' => ->(reason, details) { failure(reason, details) },
  'write' => ->(asked) { write(WRITER.decode(asked)) }
}.freeze

$stdout.puts 'ready'
$stdout.flush
while (line = $stdin.gets)
  kind, *words = line.split
  begin
    said = ANSWERS.fetch(kind).call(*words.map { |each| text(each) })
    $stdout.puts "read #{said.join(' ')}"
  rescue Pyflow::PayloadError => e
    $stdout.puts "refused #{e.class.name.split('::').last} #{word(e.message)}"
  rescue Exception => e # rubocop:disable Lint/RescueException -- an overflow of the stack is what is looked for
    $stdout.puts "hurt #{e.class} #{word(e.message[0, 300])}"
  end
  $stdout.flush
end
