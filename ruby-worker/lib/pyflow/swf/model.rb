# frozen_string_literal: true

module Pyflow
  module SWF
    # The part of SWF's API that a worker speaks, as two tables; {Api} turns them into shapes.
    #
    # A member that ends in `!` is required. A type is `:string`, `:integer`, `:boolean` or another
    # structure. On the wire a member is the lowerCamel of its name here.
    #
    # Source: SWF API 2012-01-25.
    module Model
      # What the core needs to know of the service.
      METADATA = {
        'apiVersion' => '2012-01-25',
        'auth' => ['aws.auth#sigv4'],
        'endpointPrefix' => 'swf',
        'jsonVersion' => '1.0',
        'protocol' => 'json',
        'serviceFullName' => 'Amazon Simple Workflow Service',
        'serviceId' => 'SWF',
        'signatureVersion' => 'v4',
        'targetPrefix' => 'SimpleWorkflowService',
        'uid' => 'swf-2012-01-25'
      }.freeze

      # structure => member => type
      STRUCTURES = {
        ActivityType: { name!: :string, version!: :string },
        TaskList: { name!: :string },
        WorkflowExecution: { workflow_id!: :string, run_id!: :string },

        PollForActivityTaskInput: { domain!: :string, task_list!: :TaskList, identity: :string },
        ActivityTask: {
          task_token: :string, activity_id: :string, started_event_id: :integer, input: :string,
          workflow_execution: :WorkflowExecution, activity_type: :ActivityType
        },
        RecordActivityTaskHeartbeatInput: { task_token!: :string, details: :string },
        ActivityTaskStatus: { cancel_requested: :boolean },
        RespondActivityTaskCompletedInput: { task_token!: :string, result: :string },
        RespondActivityTaskFailedInput: { task_token!: :string, reason: :string, details: :string },
        RespondActivityTaskCanceledInput: { task_token!: :string, details: :string },

        RegisterActivityTypeInput: {
          domain!: :string, name!: :string, version!: :string, description: :string,
          default_task_list: :TaskList, default_task_priority: :string,
          default_task_start_to_close_timeout: :string, default_task_heartbeat_timeout: :string,
          default_task_schedule_to_start_timeout: :string, default_task_schedule_to_close_timeout: :string
        },
        DescribeActivityTypeInput: { domain!: :string, activity_type!: :ActivityType },
        ActivityTypeInfo: { activity_type: :ActivityType, status: :string, description: :string },
        ActivityTypeConfiguration: {
          default_task_list: :TaskList, default_task_priority: :string,
          default_task_start_to_close_timeout: :string, default_task_heartbeat_timeout: :string,
          default_task_schedule_to_start_timeout: :string, default_task_schedule_to_close_timeout: :string
        },
        ActivityTypeDetail: { type_info: :ActivityTypeInfo, configuration: :ActivityTypeConfiguration },

        RegisterDomainInput: {
          name!: :string, description: :string, workflow_execution_retention_period_in_days!: :string
        },
        CountPendingActivityTasksInput: { domain!: :string, task_list!: :TaskList },
        PendingTaskCount: { count: :integer, truncated: :boolean }
      }.freeze

      # operation => [input, output]; an operation without an output answers nothing
      OPERATIONS = {
        poll_for_activity_task: %i[PollForActivityTaskInput ActivityTask],
        record_activity_task_heartbeat: %i[RecordActivityTaskHeartbeatInput ActivityTaskStatus],
        respond_activity_task_completed: %i[RespondActivityTaskCompletedInput],
        respond_activity_task_failed: %i[RespondActivityTaskFailedInput],
        respond_activity_task_canceled: %i[RespondActivityTaskCanceledInput],
        register_activity_type: %i[RegisterActivityTypeInput],
        describe_activity_type: %i[DescribeActivityTypeInput ActivityTypeDetail],
        register_domain: %i[RegisterDomainInput],
        count_pending_activity_tasks: %i[CountPendingActivityTasksInput PendingTaskCount]
      }.freeze
    end
  end
end
