# frozen_string_literal: true

require 'aws-sdk-core'
require 'seahorse/client/plugins/content_length'
%w[
  credentials_configuration logging param_converter param_validator user_agent helpful_socket_errors
  retry_errors global_configuration regional_endpoint stub_responses defaults_mode recursion_detection
  sign protocols/json_rpc
].each { |plugin| require "aws-sdk-core/plugins/#{plugin}" }

Aws::Plugins::GlobalConfiguration.add_identifier(:swf)

require_relative 'model'
require_relative 'api'
require_relative 'errors'
require_relative 'patience'

module Pyflow
  # The nine operations of Amazon SWF that an activity worker calls.
  module SWF
    # An SWF client on the AWS SDK's core, for those who don't have the `aws-sdk-swf` gem.
    #
    # It takes the options that every client of the SDK takes (`region:`, `endpoint:`, `credentials:`,
    # `stub_responses:`, …), and its operations take and return what `Aws::SWF::Client`'s do. Thread-safe.
    # {SWF.connect} builds one with pyflow's rules for endpoints and missing credentials.
    class Client < Seahorse::Client::Base
      include Aws::ClientStubs

      @identifier = :swf

      set_api(Api.build(Model::STRUCTURES, Model::OPERATIONS))

      # The order is that of the SDK's generated clients.
      [
        Seahorse::Client::Plugins::ContentLength,
        Aws::Plugins::CredentialsConfiguration,
        Aws::Plugins::Logging,
        Aws::Plugins::ParamConverter,
        Aws::Plugins::ParamValidator,
        Aws::Plugins::UserAgent,
        Aws::Plugins::HelpfulSocketErrors,
        Aws::Plugins::RetryErrors,
        Aws::Plugins::GlobalConfiguration,
        Aws::Plugins::RegionalEndpoint,
        Aws::Plugins::StubResponses,
        Aws::Plugins::DefaultsMode,
        Aws::Plugins::RecursionDetection,
        Aws::Plugins::Sign,
        Aws::Plugins::Protocols::JsonRpc,
        Patience
      ].each { |plugin| add_plugin(plugin) }

      # Idle connections are kept for longer than the 30 s between two heartbeats, or each would shake
      # hands anew; the SDK's own default is 5 s.
      IDLE_SECONDS = 75

      # @param options [Hash] as of any client of the AWS SDK
      def self.new(options = {})
        super({ retry_mode: 'standard', http_idle_timeout: IDLE_SECONDS }.merge(options))
      end

      class << self
        # The name of the service in the SDK's global configuration.
        #
        # @api private
        attr_reader :identifier

        # Where the SDK makes the classes of faults.
        #
        # @api private
        def errors_module
          Errors
        end
      end
    end
  end
end
