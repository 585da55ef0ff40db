# frozen_string_literal: true

require 'ipaddr'
require 'uri'

require_relative 'errors'
require_relative 'swf/client'

module Pyflow
  # How a worker reaches SWF: at AWS, or at an endpoint such as the embedded SWF's.
  module SWF
    # What a loopback endpoint is told when nothing is configured; nobody checks it there.
    LOCAL_REGION = 'us-east-1'
    # As {LOCAL_REGION}.
    LOCAL_CREDENTIALS = Aws::Credentials.new('local', 'local').freeze

    # A client with pyflow's rules for what is not configured.
    #
    # @param endpoint [String, nil] else `AWS_ENDPOINT_URL_SWF`, else `AWS_ENDPOINT_URL`, else AWS
    # @param region [String, nil] else the SDK's chain; a loopback endpoint has a default
    # @param options [Hash] further options of {Client}
    # @return [Client]
    # @raise [ConfigurationError] without a region or credentials for AWS, or for an endpoint that is none
    def self.connect(endpoint: nil, region: nil, **options)
      endpoint = endpoint(endpoint)
      options[:endpoint] = endpoint if endpoint
      options[:region] = region if region
      client = Client.new(**(loopback?(endpoint) ? local : {}), **options)
      raise ConfigurationError, <<~SENTENCE.tr("\n", ' ').strip unless client.config.credentials&.set?
        no credentials for AWS found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or run
        with a role; an SWF on this machine (--endpoint-url http://127.0.0.1:PORT) needs none
      SENTENCE

      client
    rescue Aws::Errors::MissingRegionError
      raise ConfigurationError, 'no AWS region is set: give --region or set AWS_REGION'
    rescue Aws::Errors::InvalidRegionError
      raise ConfigurationError, "no AWS region is called #{(region || ENV.fetch('AWS_REGION', '')).inspect}"
    rescue ArgumentError, Aws::Errors::NoSuchProfileError => e
      raise ConfigurationError, "the AWS settings of this environment can't be used: #{e.message.split.join(' ')}"
    end

    # @param url [String, URI, nil]
    # @return [Boolean] whether the endpoint is on this machine
    def self.loopback?(url)
      return false unless url

      host = URI(url.to_s).hostname
      host == 'localhost' || host.end_with?('.localhost') || IPAddr.new(host).loopback?
    rescue IPAddr::Error
      false
    end

    # @api private
    def self.endpoint(given)
      url = [given, ENV.fetch('AWS_ENDPOINT_URL_SWF', nil), ENV.fetch('AWS_ENDPOINT_URL', nil)]
            .find { |text| text && !text.empty? }
      return unless url
      return url if URI(url).is_a?(URI::HTTP) && URI(url).hostname

      raise URI::InvalidURIError
    rescue URI::InvalidURIError
      raise ConfigurationError, "endpoint #{url.inspect} is no URL: it should look like http://127.0.0.1:4599"
    end
    private_class_method :endpoint

    # Asks no instance metadata service, which would take a second to say nothing.
    #
    # @api private
    def self.local
      configured = %w[AWS_REGION AMAZON_REGION AWS_DEFAULT_REGION].any? { |name| ENV.key?(name) }
      { credentials: local_credentials }.merge(configured ? {} : { region: LOCAL_REGION })
    end
    private_class_method :local

    # @api private
    def self.local_credentials
      environment = Aws::Credentials.new(*ENV.values_at('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY',
                                                        'AWS_SESSION_TOKEN'))
      environment.set? ? environment : LOCAL_CREDENTIALS
    end
    private_class_method :local_credentials
  end
end
