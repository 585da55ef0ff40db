# frozen_string_literal: true

# Ruby's codings beside its json, msgpack and zlib. Reads documents (see coding.py) from a file, prints ratios as JSON.

require 'json'
require 'msgpack'
require 'pyflow/codec'
require 'zlib'

ROUNDS = 31
CODEC = Pyflow::Codec.default

def cpu(step, inputs, times)
  begun = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
  times.times { inputs.each { |input| step.call(input) } }
  Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) - begun
end

# Seconds of our two steps over those of the bare two: the median of the rounds, so that a neighbour disturbs both.
def ratio(steps, times)
  ratios = Array.new(ROUNDS) do
    took = steps.map { |step, inputs| cpu(step, inputs, times) }
    (took[2] + took[3]) / (took[0] + took[1])
  end
  ratios.sort[ROUNDS / 2]
end

def plain(values, times)
  texts = values.map { |value| JSON.generate(value) }
  raise 'a value came back as another' unless texts.map { |text| CODEC.decode(text) } == values

  ratio([[JSON.method(:generate), values], [JSON.method(:parse), texts],
         [CODEC.method(:encode), values], [CODEC.method(:decode), texts]], times)
end

def packed(value, times)
  pack = ->(each) { [Zlib.deflate(MessagePack.pack(each))].pack('m0') }
  unpack = ->(text) { MessagePack.unpack(Zlib.inflate(text.unpack1('m0'))) }
  encode = ->(each) { CODEC.encode(each, coding: :msgpack) }
  text = encode.call(value)
  raise 'a value came back as another' unless CODEC.decode(text) == value && text.include?('"zlib"')

  ratio([[pack, [value]], [unpack, [pack.call(value)]], [encode, [value]], [CODEC.method(:decode), [text]]], times)
end

asked = JSON.parse(File.read(ARGV.fetch(0)))
ratios = asked['plain'].map { |document| plain(document['values'], document['times']) }
puts JSON.generate('plain' => ratios, 'packed' => packed(asked['packed'], 2))
