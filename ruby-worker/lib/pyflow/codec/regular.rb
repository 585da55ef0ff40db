# frozen_string_literal: true

module Pyflow
  class Codec
    # Which values are plain as they are: `Regular.value?`. In C where the extension is there, which a gem's installation
    # and the set-up compile; else in Ruby, with the same answers.
    Regular = # rubocop:disable Naming/ConstantName -- it is a module
      begin
        require 'pyflow/codec/regular_in_c'
        RegularInC
      rescue LoadError
        require_relative 'regular_in_ruby'
        RegularInRuby
      end
  end
end
