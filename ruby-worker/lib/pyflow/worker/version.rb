# frozen_string_literal: true

module Pyflow
  class Worker
    # Of the gem.
    VERSION = '3.0.0'
  end
end
