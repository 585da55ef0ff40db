# frozen_string_literal: true

require_relative 'values'

module Pyflow
  class Codec
    # Timestamps: as the contract's one text form, and as msgpack's 32, 64 and 96 bits.
    module Timestamps
      FORM = /\A(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}|\d{6}|\d{9}))?Z\z/
      private_constant :FORM

      # @param time [Time] in UTC
      # @return [String] with 0, 3, 6 or 9 fraction digits, the fewest that lose nothing
      def self.text(time)
        fraction = format('%09d', time.nsec)
        fraction = fraction[0..-4] while fraction.end_with?('000')
        time.strftime("%Y-%m-%dT%H:%M:%S#{".#{fraction}" unless fraction.empty?}Z")
      end

      # @param text [Object]
      # @return [Time] in UTC
      # @raise [PayloadDecodeError]
      def self.parse(text)
        match = text.is_a?(String) && FORM.match(text)
        refuse(text) unless match
        year, month, day, hour, minute, second = match.captures.first(6).map(&:to_i)
        refuse(text) unless year.positive? && hour < 24 && minute < 60 && second < 60
        time = Time.utc(year, month, day, hour, minute, second, Rational(match[7].to_s.ljust(9, '0').to_i, 1000))
        time.month == month && time.day == day ? time : refuse(text)
      rescue ArgumentError
        refuse(text)
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
      # @return [Time] in UTC
      # @raise [PayloadDecodeError]
      def self.read(bytes)
        seconds, nanoseconds = parts(bytes)
        refuse(bytes) unless nanoseconds <= 999_999_999
        time = Time.at(seconds, nanoseconds, :nsec, in: 'UTC')
        Values::YEARS.cover?(time.year) ? time : refuse(bytes)
      rescue RangeError
        refuse(bytes)
      end

      def self.parts(bytes)
        case bytes.bytesize
        when 4 then [bytes.unpack1('N'), 0]
        when 8
          both = bytes.unpack1('Q>')
          [both & ((2**34) - 1), both >> 34]
        when 12 then bytes.unpack('Nq>').reverse
        else refuse(bytes)
        end
      end
      private_class_method :parts

      def self.refuse(what)
        raise PayloadDecodeError, "a payload has the timestamp #{what.inspect[0, 60]}, which the contract does not have"
      end
      private_class_method :refuse
    end
  end
end
