# frozen_string_literal: true

module Pyflow
  class Worker
    # Steps around every activity. Each is called with the task, its context and a block that goes on; what it returns is
    # the result, what it raises fails the task.
    module Middleware
      # @param steps [Array<#call>] the first one outermost
      # @param task [Task, Activity::Info]
      # @param context [Activity::Context]
      # @yieldreturn [Object] what the activity gives
      # @return [Object] what the outermost step gives
      def self.around(steps, task, context, &innermost)
        chain = steps.reverse.inject(innermost) { |inner, outer| -> { outer.call(task, context, &inner) } }
        chain.call
      end
    end
  end
end
