# frozen_string_literal: true

require_relative '../activity'

module Pyflow
  class Worker
    # The activities that a worker performs, found by name and version.
    class Roster
      include Enumerable

      # One activity: what it declares, how its `call` takes the input, and what to call.
      Entry = Struct.new(:definition, :arguments, :given) do
        # @return [Activity] a new one for each task when a class was given, else the object that was
        def activity
          given.is_a?(Class) ? given.new : given
        end
      end

      # @param activities [Array<Class, Activity>]
      # @raise [ArgumentError] for what is no activity, is not declared, or is there twice
      def initialize(activities)
        @entries = {}
        activities.each { |given| add(given) }
      end

      # @param key [Array(String, String)] name and version
      # @return [Entry, nil]
      def [](key)
        @entries[key]
      end

      # @yieldparam entry [Entry]
      def each(&block)
        @entries.each_value(&block)
      end

      # @return [String] for messages: `charge 1, upcase 1`
      def to_s
        Codec::Shown.known(map { |entry| entry.definition.to_s })
      end

      private

      def add(given)
        activity_class = given.is_a?(Class) ? given : given.class
        unless activity_class <= Activity
          raise ArgumentError, "#{given.inspect} is no activity: give a subclass of Pyflow::Activity, or an object of one"
        end

        definition = activity_class.definition
        unless definition
          raise ArgumentError, "#{activity_class} declares no activity: say `activity 'name', version: '1'` in it"
        end
        raise ArgumentError, "activity #{definition} is given twice" if @entries.key?(definition.key)
        if activity_class.instance_method(:call).owner == Activity
          raise ArgumentError, "activity #{definition} has nothing to do: define call in #{activity_class}"
        end

        arguments = Activity::Arguments.new(activity_class.instance_method(:call), definition.to_s, input: definition.input)
        @entries[definition.key] = Entry.new(definition, arguments, given)
      end
    end
  end
end
