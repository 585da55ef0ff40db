# frozen_string_literal: true

require_relative 'errors'
require_relative 'activity/definition'
require_relative 'activity/arguments'
require_relative 'activity/context'

module Pyflow
  # A step of a workflow, written as a class with one method, `call`.
  #
  #     class ChargeCard < Pyflow::Activity
  #       activity 'charge_card', version: '1', start_to_close_timeout: 30
  #
  #       def call(card:, amount:)
  #         Gateway.charge(card, amount)
  #       end
  #     end
  #
  # The input is one value. `def call(order)` takes it as it is; `def call(card:, amount:)` takes the keys
  # of an object. What `call` returns is the result. What it raises fails the activity task: an
  # {ApplicationError} with a type of its own, anything else with the name of its class.
  #
  # A worker is given the class, and makes an object of it for every task; or an object, which then
  # serves all tasks, from many threads at once.
  class Activity
    @declared = []
    @lock = Mutex.new

    class << self
      # Declares the activity type that this class performs.
      #
      # @param name [String] up to 256 characters, none of `:` `/` `|`
      # @param version [String] up to 64 characters
      # @param options [Hash] timeouts and more, as {Definition#initialize} takes them
      # @return [Definition]
      # @raise [ArgumentError] when SWF would not take the name, the version or a timeout
      def activity(name, version:, **options)
        @definition = Definition.new(name:, version:, **options)
        Activity.declare(self)
        @definition
      end

      # An activity that is not worth a class.
      #
      #     UPCASE = Pyflow::Activity.define('upcase', version: '1') { |text| text.upcase }
      #
      # @return [Class] a subclass of {Activity} whose `call` is the block
      # @raise [ArgumentError] as {activity} does
      def define(name, version:, **options, &block)
        raise ArgumentError, "activity #{name} #{version} needs a block to run" unless block

        Class.new(self) do
          define_method(:call, &block)
          activity(name, version:, **options)
        end
      end

      # @return [Definition, nil] what {activity} declared for this very class
      attr_reader :definition

      # @return [Array<Class>] all classes that declared an activity, in that order
      def declared
        Activity.synchronize(&:dup)
      end

      # Remembers a class that declared an activity.
      #
      # @api private
      def declare(activity_class)
        Activity.synchronize { |classes| classes << activity_class unless classes.include?(activity_class) }
      end

      # Yields the classes that declared an activity, to one thread at a time.
      #
      # @api private
      def synchronize
        @lock.synchronize { yield @declared }
      end
    end

    # Performs one task. Subclasses define it, with no parameter, one, or keywords.
    #
    # @return [Object] any value of the contract
    def call(*)
      raise NotImplementedError, "#{self.class} has no method call"
    end

    private

    # @return [Context] of the task being performed
    def context
      Context.current
    end

    # As {Context#heartbeat}.
    def heartbeat(details = nil)
      context.heartbeat(details)
    end

    # As {Context#logger}.
    def logger
      context.logger
    end
  end
end
