# frozen_string_literal: true

module Pyflow
  module SWF
    # SWF's faults as classes, made when first met: `Pyflow::SWF::Errors::UnknownResourceFault`.
    #
    # Workers compare `error.code` with the fault's name instead of rescuing these, so that the faults
    # of another client, such as `Aws::SWF::Errors::UnknownResourceFault`, mean the same.
    module Errors
      extend Aws::Errors::DynamicErrors
    end
  end
end
