# frozen_string_literal: true

require 'pyflow/worker'
require 'support/fake_swf'
require 'support/notation'

RSpec.configure do |config|
  config.disable_monkey_patching!
  config.order = :random
end
