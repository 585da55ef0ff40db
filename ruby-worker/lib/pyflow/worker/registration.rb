# frozen_string_literal: true

require_relative '../activity/definition'
require_relative 'backoff'
require_relative 'faults'
require_relative 'log'

module Pyflow
  class Worker
    # Makes the worker's activity types known to SWF, with every default that scheduling them needs.
    #
    # SWF keeps what was registered first. A type that is there with other defaults is used as it is, after a
    # warning, or refused by a strict worker: old and new workers may run side by side while a deploy rolls.
    class Registration
      # Default of SWF's type => option of {Activity::Definition}
      TIMEOUTS = {
        default_task_start_to_close_timeout: :start_to_close_timeout,
        default_task_heartbeat_timeout: :heartbeat_timeout,
        default_task_schedule_to_start_timeout: :schedule_to_start_timeout,
        default_task_schedule_to_close_timeout: :schedule_to_close_timeout
      }.freeze
      # How often a call is tried when SWF is throttling or out of reach.
      TRIES = 6

      # @param domain [String]
      # @param task_list [String] the default of types that name none
      # @param strict [Boolean] whether a type that is there with other defaults is refused
      def initialize(client:, domain:, task_list:, logger:, strict: false, backoff: Backoff.new(first: 0.2))
        @client = client
        @domain = domain
        @task_list = task_list
        @logger = logger
        @strict = strict
        @backoff = backoff
      end

      # Registers all, then tells what differs.
      #
      # @param definitions [Array<Activity::Definition>]
      # @raise [ConfigurationError] when SWF refuses, or stays out of reach; of a strict registration, when a type is
      #   there with other defaults
      def register(definitions)
        differing = definitions.filter_map { |definition| difference(definition) }
        differing.each { |sentence| @logger.warn { sentence } }
        raise ConfigurationError, "the registration is strict: #{differing.join('; ')}" if @strict && differing.any?
      end

      private

      # @return [String, nil] a sentence, of a type that was there and is not the same
      def difference(definition)
        type = { name: definition.name, version: definition.version }
        defaults = defaults_of(definition)
        description = { description: definition.description }.compact
        patiently { @client.register_activity_type(domain: @domain, **type, **description, **defaults) }
        @logger.info { "activity type #{definition} is registered" }
        nil
      rescue StandardError => e
        raise ConfigurationError, refusal(definition, e) unless Faults.code(e) == Faults::TYPE_EXISTS

        compare(definition, type, defaults)
      end

      def defaults_of(definition)
        TIMEOUTS.transform_values { |option| Activity::Definition.duration(definition.public_send(option)) }
                .merge(default_task_list: { name: definition.task_list || @task_list })
                .merge({ default_task_priority: definition.priority&.to_s }.compact)
      end

      def patiently
        failures = 0
        begin
          yield
        rescue StandardError => e
          raise if (failures += 1) == TRIES || !passing?(e)

          sleep(@backoff.delay(failures))
          retry
        end
      end

      def passing?(error)
        error.is_a?(Seahorse::Client::NetworkingError) || Faults.code(error).match?(/throttl|unavailable|internal/i)
      end

      def refusal(definition, error)
        case Faults.code(error)
        when Faults::UNKNOWN_RESOURCE
          "domain #{@domain} does not exist at this endpoint: register it first, or check --domain, --region and " \
          '--endpoint-url'
        when 'Seahorse::Client::NetworkingError', 'Aws::Errors::NoSuchEndpointError'
          "SWF does not answer, check --endpoint-url and whether it runs: #{error.message.split.join(' ')}"
        else
          "activity type #{definition} can't be registered in domain #{@domain}: #{Faults.describe(error)}"
        end
      end

      def compare(definition, type, defaults)
        detail = patiently { @client.describe_activity_type(domain: @domain, activity_type: type) }
        warn_of_status(definition, detail.type_info)
        differing = drift(defaults, detail.configuration)
        return if differing.empty?

        "activity type #{definition} is registered with #{differing.join(', ')}: SWF keeps what is registered; a new " \
          'version could have another'
      rescue StandardError => e
        "activity type #{definition} is registered, but can't be compared: #{Faults.describe(e)}"
      end

      def warn_of_status(definition, info)
        return unless info&.status == 'DEPRECATED'

        @logger.warn { "activity type #{definition} is deprecated: SWF schedules no more tasks of it" }
      end

      def drift(defaults, configuration)
        defaults.filter_map do |default, value|
          ours = plain(value)
          theirs = plain(configuration[default])
          "#{default} #{theirs || 'unset'} (this worker says #{ours})" unless ours == theirs
        end
      end

      def plain(value)
        value.respond_to?(:[]) && !value.is_a?(String) ? value[:name] : value
      end
    end
  end
end
