# frozen_string_literal: true

# A worker on the SWF in memory, for one example.
module Working
  def swf
    @swf ||= FakeSWF.new
  end

  # What the worker logged so far.
  def logged
    @log.last
  end

  def worker(*activities, **settings)
    @log ||= text_log
    Pyflow::Worker.new(domain: 'shop', task_list: 'cards', activities:, client: swf, logger: @log.first,
                       **{ concurrency: 1, graceful_timeout: 5 }.merge(settings))
  end

  def activity(name = 'step', **options, &block)
    Pyflow::Activity.define(name, version: '1', **options, &block)
  end

  # Performs one task; gives the answer.
  def perform(*activities, name: 'step', input: nil, **settings)
    swf.put(name, input)
    working = worker(*activities, **settings).start
    next_of(swf.answers)
  ensure
    swf.end_polls
    working&.stop
  end

  # The failure in an answer.
  def failure(answer)
    raise "no failure: #{answer}" unless answer.first == :failed

    Pyflow::Codec.default.decode_failure(answer.last[:reason], answer.last[:details])
  end
end
