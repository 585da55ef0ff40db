# frozen_string_literal: true

require 'spec_helper'
require 'pyflow/worker/exposition'

RSpec.describe Pyflow::Worker::Metrics do
  def counted
    described_class.new.tap do |metrics|
      metrics.task('charge', :completed)
      metrics.task('charge', :handed_back)
      metrics.performed('charge', 0.004)
      metrics.performed('charge', 2)
      metrics.performed('charge', 7200)
      metrics.poll(:task)
      metrics.heartbeat(:failed)
      metrics.retried
    end
  end

  it 'counts what came of tasks' do
    expect(counted.counts).to eq(completed: 1, handed_back: 1)
  end

  it 'adds up what several processes counted, each with activities of its own' do
    other = described_class.new
    other.task('refund', :failed)
    other.task('charge', :completed)
    other.performed('charge', 0.5)
    sum = described_class.sum([counted, other].map { |metrics| JSON.parse(JSON.generate(metrics.snapshot)) })
    expect(sum).to include('tasks' => { 'charge' => { 'completed' => 2, 'handed_back' => 1 },
                                        'refund' => { 'failed' => 1 } },
                           'seconds' => { 'charge' => [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 7202.504] }, 'retries' => 1)
    expect(described_class.counts(sum)).to eq(completed: 2, failed: 1, handed_back: 1)
  end

  it 'is text that Prometheus reads' do
    expect(Pyflow::Worker::Exposition.text(counted.snapshot, slots: 10, busy: 3)).to eq(<<~TEXT)
      # HELP pyflow_activity_tasks_total Activity tasks by what came of them.
      # TYPE pyflow_activity_tasks_total counter
      pyflow_activity_tasks_total{activity="charge",outcome="completed"} 1
      pyflow_activity_tasks_total{activity="charge",outcome="handed_back"} 1
      # HELP pyflow_activity_polls_total Polls for activity tasks.
      # TYPE pyflow_activity_polls_total counter
      pyflow_activity_polls_total{outcome="task"} 1
      pyflow_activity_polls_total{outcome="empty"} 0
      pyflow_activity_polls_total{outcome="failed"} 0
      # HELP pyflow_activity_heartbeats_total Heartbeats.
      # TYPE pyflow_activity_heartbeats_total counter
      pyflow_activity_heartbeats_total{outcome="sent"} 0
      pyflow_activity_heartbeats_total{outcome="failed"} 1
      # HELP pyflow_activity_answer_retries_total Answers that were sent once more.
      # TYPE pyflow_activity_answer_retries_total counter
      pyflow_activity_answer_retries_total 1
      # HELP pyflow_activity_seconds Seconds that activities took.
      # TYPE pyflow_activity_seconds histogram
      pyflow_activity_seconds_bucket{activity="charge",le="0.005"} 1
      pyflow_activity_seconds_bucket{activity="charge",le="0.025"} 1
      pyflow_activity_seconds_bucket{activity="charge",le="0.1"} 1
      pyflow_activity_seconds_bucket{activity="charge",le="0.5"} 1
      pyflow_activity_seconds_bucket{activity="charge",le="1"} 1
      pyflow_activity_seconds_bucket{activity="charge",le="5"} 2
      pyflow_activity_seconds_bucket{activity="charge",le="30"} 2
      pyflow_activity_seconds_bucket{activity="charge",le="120"} 2
      pyflow_activity_seconds_bucket{activity="charge",le="600"} 2
      pyflow_activity_seconds_bucket{activity="charge",le="3600"} 2
      pyflow_activity_seconds_bucket{activity="charge",le="+Inf"} 3
      pyflow_activity_seconds_sum{activity="charge"} 7202.004
      pyflow_activity_seconds_count{activity="charge"} 3
      # HELP pyflow_activity_slots Activities that may run at once.
      # TYPE pyflow_activity_slots gauge
      pyflow_activity_slots 10
      # HELP pyflow_activity_slots_busy Of them those that have a task.
      # TYPE pyflow_activity_slots_busy gauge
      pyflow_activity_slots_busy 3
    TEXT
  end

  it 'keeps names that hold what Prometheus quotes' do
    metrics = described_class.new
    metrics.task("a\"b\\c\n", :completed)
    expect(Pyflow::Worker::Exposition.text(metrics.snapshot, slots: 1, busy: 0))
      .to include('pyflow_activity_tasks_total{activity="a\"b\\\\c\n",outcome="completed"} 1')
  end
end
