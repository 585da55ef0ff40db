# frozen_string_literal: true

require_relative 'backoff'
require_relative 'faults'
require_relative 'latch'
require_relative 'task'

module Pyflow
  class Worker
    # Asks SWF for tasks: with a few threads at once at most, and no more once it is quiet.
    #
    # Whoever calls {#next} has a slot free for what it returns, so no task ever waits in this process.
    # A poll that fails is followed by a pause, doubling up to 30 s; what no time would mend is raised after
    # {PATIENCE} failures in a row.
    class Poller
      # How many refusals in a row it takes to give up: permissions and domains take a while to be known
      # everywhere at AWS.
      PATIENCE = 8
      # An empty poll that comes back within so many seconds is not SWF's, which holds one for a minute: such a
      # server is asked again only after as long.
      HASTE = 0.05

      # @param limit [Integer] polls under way at once
      # @param backoff [Backoff]
      def initialize(client:, domain:, task_list:, identity:, limit:, logger:, backoff: Backoff.new)
        @client = client
        @request = { domain:, task_list: { name: task_list }, identity: }.freeze
        @permits = Thread::Queue.new
        limit.times { |number| @permits << number }
        @quiet = Latch.new
        @logger = logger
        @backoff = backoff
        @failures = 0
      end

      # Waits for its turn, then for SWF.
      #
      # @return [Task, nil] nil when there was none, or when the poller is quiet
      # @raise [ConfigurationError] once it is clear that polling can't succeed
      def next
        permit = @permits.pop
        return if permit.nil? || quiet?

        begin
          poll
        ensure
          give_back(permit)
        end
      end

      # Polls no more. Polls under way go on: SWF may already have given them a task.
      def quiet
        @quiet.set
        @permits.close
        @permits.clear
      end

      # @return [Boolean] whether it polls no more
      def quiet?
        @quiet.set?
      end

      private

      def poll
        asked = CLOCK.call
        task = Task.from(@client.poll_for_activity_task(@request))
        @failures = 0
        @quiet.wait(HASTE) if task.nil? && CLOCK.call - asked < HASTE
        task
      rescue StandardError => e
        failed(e)
        nil
      end

      def failed(error)
        @failures += 1
        code = Faults.code(error)
        raise ConfigurationError, hopeless(error) if Faults::HOPELESS.include?(code) && @failures >= PATIENCE

        pause = @backoff.delay(@failures)
        @logger.warn { format('poll failed, next in %.1f s: %s', pause, Faults.describe(error)) }
        @quiet.wait(pause)
      end

      def hopeless(error)
        "task list #{@request[:task_list][:name]} of domain #{@request[:domain]} can't be polled: " \
          "#{Faults.describe(error)}"
      end

      def give_back(permit)
        @permits << permit
      rescue ClosedQueueError
        nil
      end
    end
  end
end
