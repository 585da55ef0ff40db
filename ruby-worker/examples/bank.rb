# frozen_string_literal: true

# A bank for the examples: it declines the card 4000.
module Bank
  Declined = Class.new(StandardError)

  def self.charge(card, amount)
    raise Declined, 'card declined' if card == '4000'

    yield 100
    { 'card' => card, 'amount' => amount }
  end
end
