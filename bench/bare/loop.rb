# frozen_string_literal: true

# A bare loop: threads that poll and answer with the worker's own client, and do nothing else.
#
#     loop.rb URL TASK_LIST THREADS, ends when it is killed

require 'pyflow/swf'

endpoint, task_list, threads = ARGV
client = Pyflow::SWF.connect(endpoint:)
request = { domain: 'bench', task_list: { name: task_list }, identity: 'bare' }

crew = Array.new(Integer(threads)) do
  Thread.new do
    loop do
      task = client.poll_for_activity_task(request)
      client.respond_activity_task_completed(task_token: task.task_token, result: task.input) if task.task_token
    end
  end
end
puts 'ready'
$stdout.flush
crew.first.join
