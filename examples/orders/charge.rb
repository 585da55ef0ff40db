# frozen_string_literal: true

# The Ruby activity: a payment gateway that knows test cards only. `ruby-worker/exe/pyflow-worker -r charge.rb` runs it.

require 'digest/sha2' # not 'digest', which loads SHA256 at first use: two threads that come first get a RuntimeError
require 'pyflow/worker'

# Charges a card; what the gateway answers is decided by the card's test token, as README.md lists them.
class ChargeCard < Pyflow::Activity
  activity 'charge_card', version: '1.0', task_list: 'charges', start_to_close_timeout: 30

  DECLINED = {
    'insufficient_funds' => 'the account does not cover it',
    'expired_card' => 'the card has expired',
    'lost_card' => 'the card was reported lost'
  }.freeze

  # total is the object of an amount, a BigDecimal, and a currency; order may be an Integer of any size.
  def call(order:, attempt:, card:, name:, total:)
    amount, currency = total.values_at('amount', 'currency')
    case card
    when /\Atest_declined_(\w+)\z/ then decline(Regexp.last_match(1), card, amount)
    when /\Atest_timeout_(\d+)\z/ then time_out(attempt) if attempt <= Regexp.last_match(1).to_i
    end

    key = "#{order} #{amount.to_s('F')} #{currency}" # the same order charged twice is one charge
    { 'id' => "ch_#{Digest::SHA256.hexdigest(key)[0, 16]}", 'statement' => "PYFLOW SHOP #{name.upcase}" }
  end

  private

  def decline(code, card, amount)
    raise Pyflow::ApplicationError.new("card declined: #{DECLINED.fetch(code, code.tr('_', ' '))}",
                                       type: 'CardDeclined', non_retryable: true,
                                       details: { 'code' => code, 'card' => card, 'amount' => amount })
  end

  def time_out(attempt)
    raise Pyflow::ApplicationError.new("the gateway did not answer attempt #{attempt} in time",
                                       type: 'GatewayTimeout', retry_after: 1)
  end
end
