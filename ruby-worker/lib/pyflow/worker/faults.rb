# frozen_string_literal: true

module Pyflow
  class Worker
    # What SWF's refusals mean to a worker. Told by code, not by class: every client has classes of its own.
    module Faults
      # The task, type or domain does not exist, or is closed.
      UNKNOWN_RESOURCE = 'UnknownResourceFault'
      # The type has been registered before.
      TYPE_EXISTS = 'TypeAlreadyExistsFault'

      # The request itself is at fault, so sending it again is useless.
      MALFORMED = %w[ValidationException SerializationException ParamValidationError].freeze

      # Nothing that time would mend: who calls may not, or the domain is not there.
      HOPELESS = %w[
        UnknownResourceFault OperationNotPermittedFault AccessDeniedException UnrecognizedClientException
        InvalidSignatureException MissingAuthenticationTokenException ValidationException
        Aws::Errors::MissingCredentialsError
      ].freeze

      # @param error [Exception]
      # @return [String] SWF's name for a refusal, the class of anything else
      def self.code(error)
        error.respond_to?(:code) ? error.code.to_s : error.class.name
      end

      # @param error [Exception]
      # @return [Boolean] whether it is the code's refusal
      def self.unknown_resource?(error)
        code(error) == UNKNOWN_RESOURCE
      end

      # @param error [Exception]
      # @return [String] one line for a log
      def self.describe(error)
        "#{code(error)}: #{error.message.split.join(' ')}"
      end
    end
  end
end
