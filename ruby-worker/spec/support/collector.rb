# frozen_string_literal: true

require 'json'
require 'socket'

# A collector of traces on this machine: it keeps each request, and answers with the statuses it is given, else 200.
class Collector
  Request = Struct.new(:path, :headers, :body, keyword_init: true) do
    def spans
      body['resourceSpans'].flat_map { |resource| resource['scopeSpans'] }.flat_map { |scope| scope['spans'] }
    end
  end

  attr_reader :requests

  def initialize(*statuses)
    @statuses = statuses
    @requests = Thread::Queue.new
    @server = TCPServer.new('127.0.0.1', 0)
    @thread = Thread.new { loop { answer(@server.accept) } }
    @thread.report_on_exception = false
  end

  def url
    "http://127.0.0.1:#{@server.addr[1]}"
  end

  def close
    @thread.kill.join
    @server.close
  end

  private

  def answer(socket)
    path = socket.gets.split[1]
    headers = socket.each_line.take_while { |line| line != "\r\n" }.to_h { |line| line.chomp.downcase.split(': ', 2) }
    body = JSON.parse(socket.read(headers.fetch('content-length').to_i))
    @requests << Request.new(path:, headers:, body:)
    status = @statuses.shift || 200
    socket.write("HTTP/1.1 #{status} Said\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
  ensure
    socket.close
  end
end
