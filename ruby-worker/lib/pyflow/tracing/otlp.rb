# frozen_string_literal: true

require 'json'
require 'net/http'
require 'uri'

require_relative '../worker/version'

module Pyflow
  class Tracing
    # Sends spans by OTLP, as JSON over HTTP, to OpenTelemetry's collector or whoever speaks it.
    #
    # One call of {#export} is one request; it raises when that was not taken. {Batch} is what an activity may wait for.
    class Otlp
      KINDS = { consumer: 5 }.freeze
      ERROR = 2
      # Where a collector listens when nobody says.
      DEFAULT = 'http://localhost:4318'
      SECONDS = 10
      private_constant :KINDS, :ERROR, :SECONDS

      # The collector did not take the spans. `passes?` says whether it is worth another try.
      class Refused < StandardError
        # @param status [String] of HTTP
        def initialize(status)
          super("the collector answered #{status}")
          @status = status
        end

        # @return [Boolean]
        def passes?
          %w[429 502 503 504].include?(@status)
        end
      end

      # @param env [Hash{String => String}] OpenTelemetry's variables: `OTEL_EXPORTER_OTLP_ENDPOINT` and `…_TRACES_ENDPOINT`,
      #   `…_HEADERS` and `…_TRACES_HEADERS`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`
      # @return [Otlp]
      # @raise [ArgumentError] for an endpoint that is no URL of HTTP
      def self.from(env = ENV)
        said = ->(name) { env[name].to_s.then { |text| text unless text.empty? } }
        base = said.call('OTEL_EXPORTER_OTLP_ENDPOINT') || DEFAULT
        endpoint = said.call('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') || "#{base.chomp('/')}/v1/traces"
        headers = pairs(said.call('OTEL_EXPORTER_OTLP_TRACES_HEADERS') || said.call('OTEL_EXPORTER_OTLP_HEADERS'))
        named = { 'service.name' => said.call('OTEL_SERVICE_NAME') }.compact
        resource = { 'service.name' => 'pyflow-worker' }.merge(pairs(said.call('OTEL_RESOURCE_ATTRIBUTES')), named)
        new(endpoint, headers:, resource:)
      end

      # @api private
      # `a=1,b=2`, values percent-encoded.
      def self.pairs(text)
        named = text.to_s.split(',').filter_map { |pair| pair.split('=', 2).map(&:strip) if pair.include?('=') }
        named.to_h.transform_values { |value| URI::DEFAULT_PARSER.unescape(value) }
      end
      private_class_method :pairs

      # @param endpoint [String] where traces go, `http://localhost:4318/v1/traces`
      # @param headers [Hash{String => String}] of each request
      # @param resource [Hash{String => String}] who sends, `service.name` at least
      # @raise [ArgumentError] for an endpoint that is no URL of HTTP
      def initialize(endpoint, headers: {}, resource: { 'service.name' => 'pyflow-worker' })
        @uri = URI(endpoint)
        raise ArgumentError, "the OTLP endpoint #{endpoint} is no URL of HTTP" unless @uri.is_a?(URI::HTTP) && @uri.host

        @headers = { 'Content-Type' => 'application/json' }.merge(headers)
        @resource = { 'telemetry.sdk.language' => 'ruby', 'telemetry.sdk.name' => 'pyflow',
                      'telemetry.sdk.version' => Worker::VERSION }.merge(resource)
      rescue URI::InvalidURIError
        raise ArgumentError, "the OTLP endpoint #{endpoint} is no URL of HTTP"
      end

      # @param spans [Array<Span>]
      # @raise [Refused, SystemCallError, IOError, SocketError] when they were not taken
      def export(spans)
        request = Net::HTTP::Post.new(@uri, @headers)
        request.body = JSON.generate(document(spans))
        answer = Net::HTTP.start(@uri.hostname, @uri.port, use_ssl: @uri.scheme == 'https', open_timeout: SECONDS,
                                                           read_timeout: SECONDS, write_timeout: SECONDS) do |http|
          http.request(request)
        end
        raise Refused, answer.code unless answer.is_a?(Net::HTTPSuccess)
      end

      # @param spans [Array<Span>]
      # @return [Hash] ExportTraceServiceRequest, as OTLP writes it in JSON
      def document(spans)
        scope = { 'name' => 'pyflow', 'version' => Worker::VERSION }
        { 'resourceSpans' => [{ 'resource' => { 'attributes' => attributes(@resource) },
                                'scopeSpans' => [{ 'scope' => scope, 'spans' => spans.map { |span| written(span) } }] }] }
      end

      private

      def written(span)
        { 'traceId' => span.trace_id, 'spanId' => span.span_id, 'parentSpanId' => span.parent_span_id,
          'traceState' => span.trace_state, 'name' => span.name, 'kind' => KINDS.fetch(span.kind),
          'startTimeUnixNano' => span.started_at.to_s, 'endTimeUnixNano' => span.ended_at.to_s,
          'attributes' => attributes(span.described),
          'links' => span.links.map do |to, said|
            { 'traceId' => to.trace_id, 'spanId' => to.span_id, 'attributes' => attributes(said) }
          end,
          'status' => span.failed? ? { 'code' => ERROR, 'message' => span.error } : {} }.compact
      end

      def attributes(hash)
        hash.map do |name, value|
          { 'key' => name, 'value' => value.is_a?(Integer) ? { 'intValue' => value.to_s } : { 'stringValue' => value } }
        end
      end
    end
  end
end
