# frozen_string_literal: true

require 'json'
require 'zlib'

require 'support/notation'

# A stream of texts that somebody might send, by a seed: those of the vectors, mutated, and what is likely to hurt put
# into envelopes (protocol/fuzz).
class Hostile
  # `PYFLOW_FUZZ_SEED=n` takes another stream.
  SEED = Integer(ENV.fetch('PYFLOW_FUZZ_SEED', '1'))
  PIECES = JSON.parse(File.read(File.join(Notation::FOLDER, '../fuzz/pieces.json')))
               .transform_values { |pieces| pieces.map { |piece| Notation.text(piece) } }
  # Characters: what is longer shows nothing that this does not.
  LONGEST = 20_000
  TAGS = { '$ts' => 'timestamps', '$dec' => 'decimals', '$bytes' => 'base64', '$float' => 'nonfinite' }.freeze

  # How many to try: `PYFLOW_FUZZ=n` says, else as many as a usual run has time for.
  def self.count(usual)
    Integer(ENV.fetch('PYFLOW_FUZZ', usual))
  end

  def initialize(seed = SEED)
    @random = Random.new(seed)
    @known = Notation.vectors('{values,payloads,failures}/*.json').flat_map { |vector| texts(vector) }
                     .select { |text| text.size <= LONGEST && text.valid_encoding? }
    @codecs = { 'zlib' => Zlib::Deflate.method(:deflate), 'test-xor' => Notation::Xor.method(:encode) }
  end

  def text
    made = [-> { choose(@known) }, -> { json }, -> { envelope }, -> { envelope }].sample(random: @random).call
    chance?(0.5) ? mutated(made) : made
  end

  private

  def texts(vector)
    found = vector.values_at('text', 'plain', 'xjson', 'details').compact.map { |text| Notation.text(text) }
    return found unless vector['msgpack']

    data = [[Notation.text(vector['msgpack'])].pack('H*')].pack('m0')
    [*found, JSON.generate({ '$pyflow' => 1, 'enc' => 'msgpack', 'data' => data })]
  end

  def json(room = 3)
    return leaf if room.zero? || chance?(0.4)

    case @random.rand(4)
    when 0 then "[#{Array.new(@random.rand(4)) { json(room - 1) }.join(',')}]"
    when 1 then "{#{Array.new(@random.rand(4)) { "#{JSON.generate(key)}:#{json(room - 1)}" }.join(',')}}"
    when 2 then "{\"$map\":[[#{json(1)},#{json(room - 1)}],[#{leaf},1]]}"
    else ('[' * depth) + leaf + (']' * depth)
    end
  end

  def depth
    @depth = choose([0, 1, 63, 64, 65, 255, 256, 257, 300])
  end

  def leaf
    return choose(PIECES['numbers'] + PIECES['words'] + PIECES['integers']) if chance?(0.3)
    return JSON.generate(choose(PIECES['texts'])) if chance?(0.5)

    tag, kind = choose(TAGS.to_a)
    "{#{JSON.generate(tag)}:#{JSON.generate(choose(PIECES[kind]))}}"
  end

  def key
    choose(PIECES['keys'] + PIECES['texts'])
  end

  def envelope
    enc = choose(%w[json xjson msgpack])
    names = choose([[], [], ['zlib'], ['test-xor'], %w[zlib test-xor], ['acme-kms']])
    data = enc == 'msgpack' ? packed : json
    names.each { |name| data = (@codecs[name] || :itself.to_proc).call(chance?(0.1) ? broken(data) : data) }
    content = names.empty? && chance?(0.5) ? "\"value\":#{json}" : "\"data\":#{JSON.generate([data].pack('m0'))}"
    more = chance?(0.2) ? ",\"h\":{\"x-a\":#{json(1)}}" : ''
    "{\"$pyflow\":1,\"enc\":\"#{enc}\",\"codecs\":#{JSON.generate(names)},#{content}#{more}}"
  end

  def packed
    known = choose(@known)[/"msgpack", ?"data": ?"([^"]*)"/, 1].to_s.unpack1('m')
    broken(chance?(0.5) ? known : @random.bytes(@random.rand(30)))
  end

  def broken(bytes)
    bytes = bytes.b
    at = @random.rand(bytes.bytesize + 1)
    piece = choose([[choose(PIECES['bytes'])].pack('H*'), @random.bytes(1), ''.b])
    bytes.byteslice(0, at) + piece + bytes.byteslice(at + @random.rand(3), bytes.bytesize).to_s
  end

  def mutated(text)
    @random.rand(1..3).times do
      at = @random.rand(text.size + 1)
      other = choose(@known)
      piece = choose([choose(PIECES['words']), choose(PIECES['numbers']), other[@random.rand(other.size + 1), 30], '',
                      choose('[]{}",:\\0123456789.eE+-$ '.chars), text[at, 8] * 50, "\xff", "\xed\xa0\x80"])
      text = text[0, at] + piece + text[(at + @random.rand(4))..].to_s
    end
    text[0, LONGEST]
  end

  def choose(from)
    from.sample(random: @random)
  end

  def chance?(share)
    @random.rand < share
  end
end
