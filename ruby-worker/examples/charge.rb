# frozen_string_literal: true

require_relative 'bank'

# A card is charged, with pyflow: `pyflow-worker -r ./charge.rb --domain shop --task-list cards`.
class Charge < Pyflow::Activity
  activity 'charge', version: '1', start_to_close_timeout: 60, heartbeat_timeout: 10

  def call(card:, amount:)
    Bank.charge(card, amount) { |percent| heartbeat(percent) }
  rescue Bank::Declined => e
    raise Pyflow::ApplicationError.new(e.message, type: 'CardDeclined', non_retryable: true)
  end
end
