# frozen_string_literal: true

require 'spec_helper'
require 'open3'
require 'support/command'
require 'support/servers'
require 'tmpdir'

RSpec.describe 'README.md' do # rubocop:disable RSpec/DescribeClass
  snippets = File.read(File.expand_path('../README.md', __dir__)).scan(/^```ruby\n(.*?)^```/m).flatten

  # A gateway that the snippets talk to.
  let(:gateway) do
    Module.new do
      def self.charge(card, amount)
        raise self::Declined, 'card declined' if card == '4000'

        yield 100
        "#{card} #{amount}"
      end
    end
  end

  before do
    stub_const('Gateway', gateway)
    stub_const('Gateway::Declined', Class.new(StandardError) { define_method(:code) { 7 } })
    stub_const('ChargeCard', Class.new(Pyflow::Activity))
  end

  it 'has an activity and its test, which do what they say' do
    heartbeats = nil
    expect(snippets.size).to eq(2)
    snippets.each { |snippet| heartbeats = TOPLEVEL_BINDING.dup.eval(snippet) }
    expect(heartbeats).to eq([{ 'percent' => 100 }])
    expect { Pyflow::Testing::ActivityEnvironment.new.run(ChargeCard, { 'card' => '4000', 'amount' => 5 }) }
      .to raise_error(have_attributes(type: 'CardDeclined', details: { 'code' => 7 }, message: 'card declined'))
  end

  describe 'from an empty folder', :servers do
    text = File.read(File.expand_path('../README.md', __dir__))
    files = text.scan(/^```\w+ (\S+\.\w+)\n(.*?)^```/m).to_h
    lines = text[/^```sh\n(.*?)^```/m, 1].lines(chomp: true)

    let(:folder) { Dir.mktmpdir }
    let(:environment) do
      path = [File.dirname(Command::EXE), File.dirname(Servers::PYTHON), ENV.fetch('PATH')].join(File::PATH_SEPARATOR)
      Command::ENVIRONMENT.merge('PATH' => path, 'RUBYLIB' => File.expand_path('../lib', __dir__))
    end
    let(:begun) { [] }

    before { files.each { |name, content| File.write(File.join(folder, name), content) } }

    after do
      begun.reverse_each { |pid| Process.kill('TERM', pid) }
      begun.each { |pid| Process.wait(pid) }
      FileUtils.rm_r(folder)
    end

    # Runs a line as a shell would; one that ends in & until it is ready.
    def run(line)
      return export(line) if line.start_with?('export ')
      return Open3.capture2(environment, line, chdir: folder).first unless line.end_with?('&')

      output, input = IO.pipe
      begun << Process.spawn(environment, "exec #{line.chomp('&')}", chdir: folder, out: input, err: File::NULL)
      input.close
      Timeout.timeout(60) { output.gets }.to_s.tap { |said| expect(said).to start_with('ready'), line }
    end

    def export(line)
      environment.merge!(line.delete_prefix('export ').split.to_h { |pair| pair.split('=', 2) })
    end

    it 'is green without SWF' do
      said, status = Open3.capture2e(environment, Command::RUBY, 'hello_test.rb', chdir: folder)
      expect([status.exitstatus, said]).to match([0, /1 runs, 1 assertions, 0 failures/])
    end

    it 'is green with the embedded SWF' do
      port = TCPServer.open('127.0.0.1', 0) { |server| server.addr[1] }
      *others, status = lines.map { |line| line.gsub('4599', port.to_s) }
      others.each { |line| run(line) }
      said = nil
      Timeout.timeout(60) { Thread.pass until (said = run(status)).match?(/completed/i) }
      expect(said).to include('Hello, Ada, from Ruby')
    end
  end
end
