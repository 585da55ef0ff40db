# frozen_string_literal: true

require 'bigdecimal'
require 'json'

# The compact notation of the contract's vectors (protocol/vectors/README.md), as Ruby values.
module Notation
  FOLDER = File.expand_path('../../../protocol/vectors', __dir__)

  # A codec that is its own inverse.
  module Xor
    def self.encode(bytes)
      bytes.bytes.map { |byte| byte ^ 0x5a }.pack('C*')
    end

    def self.decode(bytes)
      encode(bytes)
    end
  end

  # The key ring of `codecs/aes-*.json`.
  KEYS = { '2026-11' => [*0..31].pack('C*'), '2025' => [*32..63].pack('C*') }.freeze

  module_function

  # The codecs that every runner of the vectors configures, or those of them that a vector names.
  def codecs(names = %w[test-xor aes-256-gcm])
    ring = Pyflow::Codec::KeyRing.new(KEYS, encrypt_with: '2026-11')
    { 'test-xor' => Xor, 'aes-256-gcm' => Pyflow::Codec::Aes256Gcm.new(ring) }.slice(*names)
  end

  def vectors(pattern)
    Dir[File.join(FOLDER, pattern)].flat_map { |file| JSON.parse(File.read(file), max_nesting: 200) }
  end

  # In which a value's refusal is told: one sentence for all codings, or one for each.
  def sentence(vector, coding)
    told = vector['sentence']
    told.is_a?(Hash) ? told.fetch(coding) : told
  end

  def text(notation)
    return notation unless notation.is_a?(Hash)

    if notation.key?('repeat') then text(notation['repeat'][0]) * notation['repeat'][1]
    elsif notation.key?('concat') then notation['concat'].map { |part| text(part) }.join
    else
      [notation.fetch('utf16_hex')].pack('H*').force_encoding('UTF-16BE').then do |utf16|
        utf16.valid_encoding? ? utf16.encode('UTF-8') : utf16.b.unpack('n*').pack('U*')
      end
    end
  end

  def text?(notation)
    notation.is_a?(String) || %w[concat utf16_hex].any? { |key| notation.key?(key) } ||
      (notation.key?('repeat') && !notation['repeat'][0].is_a?(Array))
  end

  def value(notation)
    case notation
    when nil, true, false then notation
    when Array then notation.map { |element| value(element) }
    else text?(notation) ? text(notation) : tagged(notation)
    end
  end

  def tagged(notation)
    kind, content = notation.first
    case kind
    when 'int' then Integer(text(content), 10)
    when 'float' then float(content)
    when 'bytes' then [text(content)].pack('H*')
    when 'ts' then timestamp(content)
    when 'dec' then BigDecimal(text(content))
    when 'repeat' then content[0].map { |element| value(element) } * content[1]
    when 'nest' then content[1].times.inject(value(content[0])) { |inner, _| [inner] }
    when 'map' then content.to_h { |key, element| [value(key), value(element)] }
    else raise ArgumentError, "no value is written #{notation}"
    end
  end

  def float(text)
    { 'NaN' => Float::NAN, 'Infinity' => Float::INFINITY, '-Infinity' => -Float::INFINITY }.fetch(text) { Float(text) }
  end

  def timestamp(text)
    date, fraction = text.delete_suffix('Z').split('.')
    year, month, day, hour, minute, second = date.scan(/\d+/).map(&:to_i)
    Time.utc(year, month, day, hour, minute, second, Rational(fraction.to_s.ljust(9, '0').to_i, 1000))
  end

  # A value as something that `eq` compares as the contract does: types told apart, NaN equal to itself.
  def comparable(value)
    case value
    when Float then value.nan? ? [:float, 'NaN'] : [:float, [value].pack('G')]
    when Integer then [:int, value]
    when String then [value.encoding == Encoding::BINARY ? :bytes : :text, value.b]
    when Time then [:time, value.to_i, value.nsec]
    when BigDecimal then [:decimal, value]
    when Array then [:array, value.map { |element| comparable(element) }]
    when Hash then [:map, value.map { |key, element| [comparable(key), comparable(element)] }.sort_by(&:inspect)]
    else value
    end
  end

  # JSON, with `$dec` by its number.
  def json(text)
    normal(Pyflow::Codec::JsonText.parse(text))
  end

  def normal(tree)
    case tree
    when Hash
      return [:decimal, BigDecimal(tree['$dec'])] if tree.size == 1 && tree['$dec'].is_a?(String)

      [:map, tree.map { |key, element| [key, normal(element)] }.sort_by(&:first)]
    when Array then tree.map { |element| normal(element) }
    when Float then [:float, [tree].pack('G')]
    else tree
    end
  end

  def failure(notation)
    return chain(*notation['chain']) if notation.key?('chain')

    Pyflow::Codec::Failure.new(
      type: text(notation['type']), message: text(notation['message']),
      language: notation['language'] && text(notation['language']),
      class_name: notation['class'] && text(notation['class']), stack: lines(notation['stack'] || []),
      non_retryable: notation['non_retryable'] || nil, retry_after: notation['retry_after'],
      details: value(notation['details']), cause: notation['cause'] && failure(notation['cause'])
    )
  end

  def chain(notation, count)
    count.times.inject(nil) { |cause, _| failure(notation).tap { |failure| failure.cause = cause } }
  end

  def lines(notation)
    return notation.map { |line| text(line) } if notation.is_a?(Array)
    return notation['concat'].flat_map { |part| lines(part) } if notation.key?('concat')

    notation['repeat'][0].map { |line| text(line) } * notation['repeat'][1]
  end

  def same_failure(failure)
    return if failure.nil?

    texts = [failure.type, failure.message, failure.language, failure.class_name, *failure.stack]
    texts.map { |text| text&.gsub(/\u{fffd}+/, "\u{fffd}") } +
      [failure.non_retryable || nil, failure.retry_after, comparable(failure.details), same_failure(failure.cause)]
  end
end
