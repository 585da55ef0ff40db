# frozen_string_literal: true

require_relative 'backoff'
require_relative 'faults'
require_relative 'latch'
require_relative 'log'
require_relative 'metrics'
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

      # @return [Float] when a poll last ended well, or this was made
      attr_reader :polled_at
      # @return [Float, nil] since when it has been waiting for a poll to end well; nil when no poll is wanted
      attr_reader :asking_since

      # @param limit [Integer] polls under way at once
      # @param backoff [Backoff]
      def initialize(client:, domain:, task_list:, identity:, limit:, logger:, metrics: Metrics.new, backoff: Backoff.new)
        @client = client
        @request = { domain:, task_list: { name: task_list }, identity: }.freeze
        @permits = Thread::Queue.new
        limit.times { |number| @permits << number }
        @quiet = Latch.new
        @logger = logger
        @metrics = metrics
        @backoff = backoff
        @failures = 0
        @polled_at = CLOCK.call
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
        @asking_since ||= asked
        task = Task.from(@client.poll_for_activity_task(@request), @request[:task_list][:name])
        ended_well(task)
        @quiet.wait(HASTE) if task.nil? && CLOCK.call - asked < HASTE
        task
      rescue StandardError => e
        failed(e)
        nil
      end

      def ended_well(task)
        @failures = 0
        @polled_at = CLOCK.call
        @asking_since = nil
        @metrics.poll(task ? :task : :empty)
      end

      def failed(error)
        @failures += 1
        @metrics.poll(:failed)
        code = Faults.code(error)
        raise ConfigurationError, hopeless(error) if Faults::HOPELESS.include?(code) && @failures >= PATIENCE

        pause = @backoff.delay(@failures)
        @logger.warn { Log::Line.new(format('poll failed, next in %.1f s', pause), Faults.describe(error)) }
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
