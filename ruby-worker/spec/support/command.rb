# frozen_string_literal: true

require 'rbconfig'
require 'tempfile'
require 'timeout'

# `exe/pyflow-worker` as a process of its own.
class Command
  RUBY = RbConfig.ruby
  EXE = File.expand_path('../../exe/pyflow-worker', __dir__)
  # Of the machine's configuration nothing matters here.
  ENVIRONMENT = {
    'AWS_EC2_METADATA_DISABLED' => 'true', 'AWS_ACCESS_KEY_ID' => nil, 'AWS_SECRET_ACCESS_KEY' => nil, 'AWS_PROFILE' => nil,
    'AWS_REGION' => nil, 'AWS_DEFAULT_REGION' => nil, 'AWS_ENDPOINT_URL' => nil, 'AWS_ENDPOINT_URL_SWF' => nil,
    'PYFLOW_DOMAIN' => nil, 'AWS_CONFIG_FILE' => File::NULL, 'AWS_SHARED_CREDENTIALS_FILE' => File::NULL
  }.freeze

  # Runs it to its end.
  #
  # @return [Array(Integer, String, String)] exit status, stdout, stderr
  def self.run(*arguments, **environment)
    command = new(*arguments, **environment)
    [command.status, command.rest, command.errors]
  end

  def initialize(*arguments, **environment)
    @errors = Tempfile.new
    @output, input = IO.pipe
    @pid = Process.spawn(ENVIRONMENT.merge(environment.transform_keys(&:to_s)), RUBY, '-w', EXE, *arguments,
                         out: input, err: @errors.path)
    input.close
  end

  # @return [Integer]
  attr_reader :pid
  # What it says behind `ready`.
  attr_reader :told

  # Waits until it has registered its types.
  def ready
    line = Timeout.timeout(60) { @output.gets }
    @told = line.to_s[/\Aready ?(.*)\n\z/, 1]
    @told ? self : raise("not ready: #{line.inspect}, #{errors}")
  end

  def signal(name)
    Process.kill(name, @pid)
  end

  # @return [Integer] its exit status, waited for
  def status
    @status ||= Timeout.timeout(60) { Process.wait2(@pid).last.exitstatus }
  end

  # @return [String] what is left of stdout
  def rest
    @output.read
  end

  # @return [String] stderr so far
  def errors
    File.read(@errors.path)
  end

  # Waits until stderr has the text.
  def says(text)
    Timeout.timeout(60) { Thread.pass until errors.include?(text) }
  end
end
