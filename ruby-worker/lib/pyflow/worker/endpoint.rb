# frozen_string_literal: true

require 'io/wait'
require 'json'
require 'socket'

require_relative '../errors'
require_relative '../clock'
require_relative 'exposition'
require_relative 'health'

module Pyflow
  class Worker
    # Serves `/metrics` and `/health` to this machine, and nothing else to anybody.
    #
    # One request a connection, one connection at a time; a request has a second and 8 KiB.
    class Endpoint
      # Seconds that a client has to ask and to listen.
      PATIENCE = 1
      # Bytes of a request.
      LARGEST = 8192
      REASONS = { 200 => 'OK', 400 => 'Bad Request', 404 => 'Not Found', 405 => 'Method Not Allowed',
                  503 => 'Service Unavailable' }.freeze
      private_constant :REASONS

      # @return [Integer]
      attr_reader :port

      # @param port [Integer] 0 for a free one
      # @yieldreturn [Array(Hash, Array<Health::State>)] counts as {Metrics#snapshot}, and the states of all processes
      # @raise [ConfigurationError] when the port is taken, or may not be had
      def initialize(port, &numbers)
        @numbers = numbers
        @server = TCPServer.new('127.0.0.1', port)
        @port = @server.addr[1]
        @thread = Thread.new { serve }
        @thread.name = 'pyflow-metrics'
      rescue SystemCallError, SocketError => e
        raise ConfigurationError, "the metrics port #{port} can't be had: #{e.message}"
      end

      # Serves no more.
      def close
        @thread.kill
        @thread.join
        @server.close
      end

      # @return [String]
      def url
        "http://127.0.0.1:#{port}"
      end

      private

      def serve
        loop do
          client = @server.accept
          begin
            answer(client, request(client))
          rescue IOError, SystemCallError
            nil # whoever asked is gone
          ensure
            client.close
          end
        end
      end

      # @return [String, nil] its first line; nil of what is no request, or not in time
      def request(client)
        text = +''
        deadline = CLOCK.call + PATIENCE
        until text.include?("\r\n\r\n")
          left = deadline - CLOCK.call
          return if text.bytesize > LARGEST || left <= 0 || !client.wait_readable(left)

          text << client.read_nonblock(LARGEST)
        end
        text.lines.first
      end

      def answer(client, line)
        status, type, body = page(line)
        write(client, "HTTP/1.1 #{status} #{REASONS.fetch(status)}\r\nContent-Type: #{type}\r\n" \
                      "Content-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}")
      end

      def write(client, text)
        deadline = CLOCK.call + PATIENCE
        until text.empty?
          left = deadline - CLOCK.call
          break if left <= 0 || !client.wait_writable(left)

          text = text.byteslice(client.write_nonblock(text)..)
        end
      end

      def page(line)
        verb, path = %r{\A([A-Z]+) (/[^ ?]*)\S* HTTP/1\.[01]\r\n\z}.match(line.to_s)&.captures
        return plain(400, 'no request') unless verb
        return plain(405, 'only GET') unless verb == 'GET'

        case path
        when '/metrics' then metrics
        when '/health' then health
        else plain(404, 'there are /metrics and /health')
        end
      end

      def plain(status, text)
        [status, 'text/plain; charset=utf-8', "#{text}\n"]
      end

      def metrics
        counts, states = @numbers.call
        [200, Exposition::TYPE, Exposition.text(counts, slots: states.sum(&:slots), busy: states.sum(&:busy))]
      end

      def health
        said = Health.of(@numbers.call.last)
        [said['status'] == 'ok' ? 200 : 503, 'application/json', "#{JSON.generate(said)}\n"]
      end
    end
  end
end
