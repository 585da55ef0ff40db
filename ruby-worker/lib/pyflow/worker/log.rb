# frozen_string_literal: true

require 'json'
require 'logger'
require 'time'

require_relative '../activity/context'

module Pyflow
  class Worker
    # Log lines that say which activity they are about.
    module Log
      SUBJECT = :pyflow_log_subject
      private_constant :SUBJECT

      # A message with the error that it tells of; in JSON, each has a key of its own.
      class Line < String
        # @return [String]
        attr_reader :text, :error

        # @param text [String]
        # @param error [String] type and message
        def initialize(text, error)
          super("#{text}: #{error}")
          @text = text
          @error = error
        end
      end

      # @param format [Symbol] `:text` or `:json`
      # @param level [Symbol, String, Integer] of Ruby's Logger
      # @return [Logger]
      def self.logger(io = $stderr, format: :text, level: :info)
        Logger.new(io, level:, formatter: FORMATS.fetch(format))
      end

      # Lines that this thread logs while the block runs are about this task.
      #
      # @param task [Task]
      def self.about(task)
        Thread.current.thread_variable_set(SUBJECT, task)
        yield
      ensure
        Thread.current.thread_variable_set(SUBJECT, nil)
      end

      # The activity that the calling thread performs, or is busy with, and its execution.
      #
      # @return [Hash{String => String}]
      def self.fields
        about = Activity::Context.current?&.info || Thread.current.thread_variable_get(SUBJECT)
        return {} unless about

        { 'workflow_id' => about.workflow_id, 'run_id' => about.run_id, 'activity_id' => about.activity_id,
          'activity' => about.name, 'version' => about.version, 'task_list' => about.task_list }
      end

      # @param message [Object] as Logger takes them
      # @return [Hash{String => String}] the message, and the error if it tells of one; valid UTF-8
      def self.told(message)
        case message
        when Line then { 'message' => text(message.text), 'error' => text(message.error) }
        when Exception then { 'message' => text(message.message), 'error' => text("#{message.class}: #{message.message}") }
        else { 'message' => text(message) }
        end
      end

      def self.text(message)
        message.to_s.dup.force_encoding(Encoding::UTF_8).scrub
      end
      private_class_method :text

      # `2026-11-23T09:30:00.123Z INFO pyflow-3: charged workflow_id=… run_id=… activity_id=… activity=charge …`
      TEXT = lambda do |severity, time, _program, message|
        told = Log.told(message).values_at('message', 'error').compact
        told.shift if message.is_a?(Exception)
        fields = Log.fields.map { |name, value| " #{name}=#{value}" }.join
        "#{time.utc.iso8601(3)} #{severity} #{Thread.current.name || 'main'}: #{told.join(': ')}#{fields}\n"
      end

      # Severity of Ruby's Logger => the level in JSON
      LEVELS = { 'DEBUG' => 'debug', 'INFO' => 'info', 'WARN' => 'warn' }.tap { |levels| levels.default = 'error' }.freeze

      # One JSON object a line.
      JSON_LINES = lambda do |severity, time, _program, message|
        "#{JSON.generate({ 'time' => time.utc.iso8601(3), 'level' => LEVELS[severity], **Log.told(message),
                           **Log.fields })}\n"
      end

      # Name of a format => its formatter
      FORMATS = { text: TEXT, json: JSON_LINES }.freeze
    end
  end
end
