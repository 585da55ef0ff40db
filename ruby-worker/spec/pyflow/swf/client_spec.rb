# frozen_string_literal: true

require 'spec_helper'
require 'support/servers'

RSpec.describe Pyflow::SWF::Client do
  let(:stubbed) { described_class.new(stub_responses: true, region: 'eu-west-1') }

  it 'has the nine operations of a worker' do
    expect(stubbed.operation_names).to match_array(Pyflow::SWF::Model::OPERATIONS.keys)
    expect(stubbed.operation_names.size).to eq(9)
  end

  it 'is at SWF\'s endpoint of the region' do
    endpoints = %w[eu-west-1 cn-north-1].map do |region|
      described_class.new(stub_responses: true, region:).config.endpoint.to_s
    end
    expect(endpoints).to eq(%w[https://swf.eu-west-1.amazonaws.com https://swf.cn-north-1.amazonaws.com.cn])
  end

  it 'can be stubbed like any client of the SDK' do
    stubbed.stub_responses(:poll_for_activity_task, task_token: 't', activity_type: { name: 'upcase', version: '1' })
    task = stubbed.poll_for_activity_task(domain: 'd', task_list: { name: 'l' })
    expect([task.task_token, task.activity_type.name, task.input]).to eq(['t', 'upcase', nil])
  end

  it 'checks parameters before it sends them' do
    expect { stubbed.respond_activity_task_completed(result: '1') }
      .to raise_error(ArgumentError, 'missing required parameter params[:task_token]')
  end

  it 'raises SWF\'s faults by their names' do
    stubbed.stub_responses(:record_activity_task_heartbeat, 'UnknownResourceFault')
    expect { stubbed.record_activity_task_heartbeat(task_token: 't') }
      .to raise_error(Pyflow::SWF::Errors::UnknownResourceFault) { |fault| expect(fault.code).to eq('UnknownResourceFault') }
  end

  it 'reads polls for longer than SWF holds them, and never sends one twice' do
    stubbed.poll_for_activity_task(domain: 'd', task_list: { name: 'l' })
    stubbed.count_pending_activity_tasks(domain: 'd', task_list: { name: 'l' })
    configs = stubbed.api_requests.map { |request| request[:context].config }
    expect(configs.map { |config| [config.http_read_timeout, config.max_attempts] }).to eq([[90, 1], [60, 3]])
  end

  it 'signs for swf in the region' do
    stubbed.count_pending_activity_tasks(domain: 'd', task_list: { name: 'l' })
    headers = stubbed.api_requests.last[:context].http_request.headers
    expect(headers['authorization']).to match(%r{Credential=stubbed-akid/\d{8}/eu-west-1/swf/aws4_request})
    expect(headers['x-amz-target']).to eq('SimpleWorkflowService.CountPendingActivityTasks')
    expect(headers['content-type']).to eq('application/x-amz-json-1.0')
  end

  Servers::COMMANDS.each_key do |name|
    context "with #{name}", :servers do
      let(:server) { Servers[name] }
      let(:client) { Pyflow::SWF.connect(endpoint: server.url) }
      let(:domain) { server.domain }

      def code
        yield
        nil
      rescue Aws::Errors::ServiceError => e
        e.code
      end

      def register
        timeouts = %i[start_to_close heartbeat schedule_to_start schedule_to_close]
                   .to_h { |timeout| [:"default_task_#{timeout}_timeout", '30'] }
        client.register_activity_type(domain:, name: 'upcase', version: '1', default_task_list: { name: 'l' }, **timeouts)
      end

      it 'registers domains and types, and describes a type as it was registered' do
        register
        detail = client.describe_activity_type(domain:, activity_type: { name: 'upcase', version: '1' })
        expect(detail.configuration).to have_attributes(default_task_heartbeat_timeout: '30')
        expect(detail.configuration.default_task_list.name).to eq('l')
        expect(code { register }).to eq('TypeAlreadyExistsFault')
        expect(code { client.register_domain(name: domain, workflow_execution_retention_period_in_days: '1') })
          .to eq('DomainAlreadyExistsFault')
      end

      it 'takes a task, keeps it alive, and answers it once' do
        register
        execution = server.schedule(domain, 'upcase', 'l', '"abc"')
        expect(client.count_pending_activity_tasks(domain:, task_list: { name: 'l' }).count).to eq(1)
        task = client.poll_for_activity_task(domain:, task_list: { name: 'l' }, identity: 'spec')
        expect(task).to have_attributes(activity_id: 'a1', input: '"abc"')
        expect(task.workflow_execution).to have_attributes(workflow_id: execution[:workflowId], run_id: execution[:runId])
        expect(client.record_activity_task_heartbeat(task_token: task.task_token,
                                                     details: '1').cancel_requested).to be(false)
        client.respond_activity_task_completed(task_token: task.task_token, result: '"ABC"')
        expect(server.outcome(domain, execution)).to match(['ActivityTaskCompleted', include('result' => '"ABC"')])
        expect(code { client.respond_activity_task_failed(task_token: task.task_token, reason: 'late') })
          .to eq('UnknownResourceFault')
      end

      it 'knows an empty poll' do
        task = client.poll_for_activity_task(domain:, task_list: { name: 'nothing here' })
        expect(Pyflow::Worker::Task.from(task)).to be_nil
      end

      it 'says that a domain is unknown' do
        expect(code do
                 client.poll_for_activity_task(domain: 'nowhere', task_list: { name: 'l' })
               end).to eq('UnknownResourceFault')
      end
    end
  end
end
