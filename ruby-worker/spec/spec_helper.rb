# frozen_string_literal: true

require 'stringio'

require 'pyflow/cli'
require 'pyflow/testing'
require 'support/fake_swf'
require 'support/notation'
require 'support/quiet_numbers'
require 'support/timely'
require 'support/working'

RSpec.configure do |config|
  config.disable_monkey_patching!
  config.order = :random
  config.include Timely
end
