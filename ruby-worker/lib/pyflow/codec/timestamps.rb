# frozen_string_literal: true

require_relative 'refusals'

module Pyflow
  class Codec
    # Timestamps: as the contract's one text form, and as msgpack's 32, 64 and 96 bits.
    module Timestamps
      FORM = /\A(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}|\d{6}|\d{9}))?Z\z/
      # From year 1 to the end of year 9999.
      SECONDS = (-62_135_596_800..253_402_300_799)
      private_constant :FORM, :SECONDS

      # @param time [Time] in UTC
      # @return [String] with 0, 3, 6 or 9 fraction digits, the fewest that lose nothing
      def self.text(time)
        fraction = format('%09d', time.nsec)
        fraction = fraction[0..-4] while fraction.end_with?('000')
        time.strftime("%Y-%m-%dT%H:%M:%S#{".#{fraction}" unless fraction.empty?}Z")
      end

      # @param text [Object]
      # @return [Time, nil] in UTC; nil for what is no timestamp
      def self.parse(text)
        match = text.is_a?(String) && text.valid_encoding? && FORM.match(text)
        return unless match

        year, month, day, hour, minute, second = match.captures.first(6).map(&:to_i)
        return unless year.positive? && hour < 24 && minute < 60 && second < 60

        time = Time.utc(year, month, day, hour, minute, second, Rational(match[7].to_s.ljust(9, '0').to_i, 1000))
        time if time.month == month && time.day == day
      rescue ArgumentError
        nil
      end

      # @param time [Time]
      # @return [String] the smallest form that holds it
      def self.bytes(time)
        seconds = time.to_i
        nanoseconds = time.nsec
        return [nanoseconds, seconds].pack('Nq>') unless (0...(2**34)).cover?(seconds)
        return [seconds].pack('N') if nanoseconds.zero? && seconds < 2**32

        [(nanoseconds << 34) | seconds].pack('Q>')
      end

      # @param bytes [String]
      # @param where [String] as {Shown.byte} says it
      # @return [Time] in UTC
      # @raise [PayloadDecodeError]
      def self.read(bytes, where)
        seconds, nanoseconds = parts(bytes)
        raise Refusals.refusal(:'msgpack-timestamp', size: bytes.bytesize, where:) if seconds.nil?

        return Time.at(seconds, nanoseconds, :nsec, in: 'UTC') if SECONDS.cover?(seconds) && nanoseconds <= 999_999_999

        raise Refusals.refusal(:'msgpack-instant', seconds:, nanoseconds:, where:)
      end

      def self.parts(bytes)
        case bytes.bytesize
        when 4 then [bytes.unpack1('N'), 0]
        when 8
          both = bytes.unpack1('Q>')
          [both & ((2**34) - 1), both >> 34]
        when 12 then bytes.unpack('Nq>').reverse
        end
      end
      private_class_method :parts
    end
  end
end
