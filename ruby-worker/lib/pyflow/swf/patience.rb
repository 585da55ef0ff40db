# frozen_string_literal: true

module Pyflow
  module SWF
    # Says how requests to SWF are signed, and how long and how often each operation is tried.
    #
    # A poll is held by SWF for 60 s, so it may be read for 90; and it is sent once: a poll that is
    # repeated after its answer was lost would leave the task of the first one to its timeouts.
    # A heartbeat is sent once too, as the worker's own rhythm repeats it; and a registration, as the
    # worker does.
    class Patience < Seahorse::Client::Plugin
      # operation => settings that differ from the client's own; seconds
      SETTINGS = {
        poll_for_activity_task: { http_read_timeout: 90, max_attempts: 1 },
        record_activity_task_heartbeat: { http_read_timeout: 10, max_attempts: 1 },
        register_activity_type: { http_read_timeout: 20, max_attempts: 1 }
      }.freeze

      # Sets the signature's scope and the operation's settings before the request is built.
      class Handler < Seahorse::Client::Handler
        # Called by the core for every request.
        #
        # @api private
        def call(context)
          context[:auth_scheme] = {
            'name' => 'sigv4', 'signingName' => 'swf', 'signingRegion' => context.config.region
          }
          settings = SETTINGS[context.operation_name.to_sym]
          context.config = with(settings, context.config) if settings
          @handler.call(context)
        end

        private

        def with(settings, config)
          config.dup.tap { |own| settings.each { |option, value| own[option] = value } }
        end
      end

      handler(Handler, step: :build, priority: 75)
    end
  end
end
