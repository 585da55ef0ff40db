# frozen_string_literal: true

require 'spec_helper'
require 'support/command'

RSpec.describe Pyflow::SWF do
  def with(environment)
    environment = Command::ENVIRONMENT.merge(environment)
    before = environment.to_h { |name, _| [name, ENV.fetch(name, nil)] }
    environment.each { |name, value| ENV[name] = value }
    Aws.shared_config.fresh
    yield
  ensure
    before.each { |name, value| ENV[name] = value }
    Aws.shared_config.fresh
  end

  def connect(environment = {}, **settings)
    with(environment) { described_class.connect(**settings).config }
  end

  keys = { 'AWS_ACCESS_KEY_ID' => 'AKIA', 'AWS_SECRET_ACCESS_KEY' => 'secret' }

  it 'needs neither credentials nor a region on this machine' do
    configs = %w[http://127.0.0.1:4599 http://localhost:4599 http://[::1]:4599].map { |endpoint| connect(endpoint:) }
    expect(configs.map { |config| [config.region, config.credentials.access_key_id] }).to all(eq(%w[us-east-1 local]))
  end

  it 'keeps the region and the credentials that there are' do
    config = connect({ **keys, 'AWS_REGION' => 'eu-west-1' }, endpoint: 'http://127.0.0.1:4599')
    expect([config.region, config.credentials.access_key_id]).to eq(%w[eu-west-1 AKIA])
  end

  it 'finds its endpoint in the environment, SWF\'s own before the general one' do
    both = { 'AWS_ENDPOINT_URL' => 'http://127.0.0.1:1', 'AWS_ENDPOINT_URL_SWF' => 'http://127.0.0.1:2' }
    expect(connect(both).endpoint.to_s).to eq('http://127.0.0.1:2')
    expect(connect(both.except('AWS_ENDPOINT_URL_SWF')).endpoint.to_s).to eq('http://127.0.0.1:1')
    expect(connect(both, endpoint: 'http://127.0.0.1:3').endpoint.to_s).to eq('http://127.0.0.1:3')
  end

  it 'is at AWS otherwise' do
    expect(connect(keys, region: 'eu-west-1').endpoint.to_s).to eq('https://swf.eu-west-1.amazonaws.com')
  end

  {
    'no credentials' => [{}, { region: 'eu-west-1' },
                         'no credentials for AWS found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, ' \
                         'or run with a role; an SWF on this machine (--endpoint-url http://127.0.0.1:PORT) needs none'],
    'no region' => [keys, {}, 'no AWS region is set: give --region or set AWS_REGION'],
    'a region that is none' => [keys, { region: 'eu west' }, 'no AWS region is called "eu west"'],
    'a setting that the SDK refuses' => [keys.merge('AWS_MAX_ATTEMPTS' => 'many'), { region: 'eu-west-1' },
                                         "the AWS settings of this environment can't be used: Must provide a positive " \
                                         "integer for max_attempts profile option or for ENV['AWS_MAX_ATTEMPTS']"],
    'an endpoint that is none' => [keys, { endpoint: 'localhost' },
                                   'endpoint "localhost" is no URL: it should look like http://127.0.0.1:4599']
  }.each do |what, (environment, settings, message)|
    it "says in a sentence that there is #{what}" do
      expect { connect(environment, **settings) }.to raise_error(Pyflow::ConfigurationError, message)
    end
  end
end
