# frozen_string_literal: true

require_relative 'lib/pyflow/worker/version'

Gem::Specification.new do |spec|
  spec.name = 'pyflow-worker'
  spec.version = Pyflow::Worker::VERSION
  spec.summary = 'Activity workers in Ruby for workflows on Amazon SWF'
  spec.description = 'Performs the activities of pyflow workflows: typed failures, heartbeats, cancellation.'
  spec.authors = ['The pyflow authors']
  spec.license = 'MIT'
  spec.homepage = 'https://pypi.org/project/pyflow-swf/'
  spec.required_ruby_version = '>= 3.1'
  spec.files = Dir['lib/**/*.rb', 'ext/**/*.{c,rb}', 'exe/*', 'sig/**/*.rbs', 'README.md', 'LICENSE', 'CHANGELOG.md']
  spec.extensions = ['ext/pyflow/extconf.rb']
  spec.bindir = 'exe'
  spec.executables = ['pyflow-worker']
  spec.add_dependency 'aws-sdk-core', '~> 3.168'
  spec.add_dependency 'msgpack', '~> 1.4'
  spec.metadata['rubygems_mfa_required'] = 'true'
end
