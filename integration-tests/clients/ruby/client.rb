# frozen_string_literal: true

# The Ruby worker's own client as a program: a JSON line in, `{"operation", "request"}`, a JSON line out, `{"answer"}` or
# `{"fault", "message"}`. Its argument is the endpoint.

require 'json'
require 'pyflow/swf'

snake = ->(name) { name.gsub(/(?<!\A)[A-Z]/) { |letter| "_#{letter}" }.downcase }
camel = ->(name) { name.to_s.gsub(/_([a-z])/) { Regexp.last_match(1).upcase } }

renamed = lambda do |value, rename|
  case value
  when Hash then value.to_h { |name, item| [rename.call(name), renamed.call(item, rename)] }
  when Array then value.map { |item| renamed.call(item, rename) }
  else value
  end
end

client = Pyflow::SWF.connect(endpoint: ARGV.fetch(0))
$stdout.sync = true
$stdin.each_line do |line|
  operation, request = JSON.parse(line).values_at('operation', 'request')
  answer = client.public_send(snake.call(operation), renamed.call(request, ->(name) { snake.call(name).to_sym }))
  puts JSON.generate(answer: renamed.call(answer.to_h, camel))
rescue Aws::Errors::ServiceError => e
  puts JSON.generate(fault: e.code, message: e.message)
end
