# frozen_string_literal: true

require 'json'
require 'logger'
require 'time'

require_relative '../activity/context'

module Pyflow
  class Worker
    # Log lines that say which activity wrote them.
    module Log
      # @param format [Symbol] `:text` or `:json`
      # @param level [Symbol, String, Integer] of Ruby's Logger
      # @return [Logger]
      def self.logger(io = $stderr, format: :text, level: :info)
        Logger.new(io, level:, formatter: FORMATS.fetch(format))
      end

      # The activity that the calling thread performs, and its execution.
      #
      # @return [Hash{String => String}]
      def self.fields
        info = Activity::Context.current?&.info
        return {} unless info

        { 'activity' => "#{info.name}/#{info.version}", 'activity_id' => info.activity_id,
          'workflow_id' => info.workflow_id, 'run_id' => info.run_id }
      end

      # @param message [Object] as Logger takes them
      # @return [String] valid UTF-8
      def self.text_of(message)
        text = message.is_a?(Exception) ? "#{message.class}: #{message.message}" : message.to_s
        text.dup.force_encoding(Encoding::UTF_8).scrub
      end

      # `2026-11-23T09:30:00.123Z INFO pyflow-3: charged activity=charge/1 …`
      TEXT = lambda do |severity, time, _program, message|
        fields = Log.fields.map { |name, value| " #{name}=#{value}" }.join
        "#{time.utc.iso8601(3)} #{severity} #{Thread.current.name || 'main'}: #{Log.text_of(message)}#{fields}\n"
      end

      # One JSON object a line.
      JSON_LINES = lambda do |severity, time, _program, message|
        "#{JSON.generate({ 'time' => time.utc.iso8601(3), 'level' => severity, 'thread' => Thread.current.name,
                           'message' => Log.text_of(message) }.merge(Log.fields))}\n"
      end

      # Name of a format => its formatter
      FORMATS = { text: TEXT, json: JSON_LINES }.freeze
    end
  end
end
