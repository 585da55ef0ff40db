# frozen_string_literal: true

require 'mkmf'

create_makefile('pyflow/codec/regular_in_c')
