# frozen_string_literal: true

# Typed values: maps become Structs, and a Struct that is returned becomes a map.

Line = Struct.new(:sku, :quantity, keyword_init: true) do
  def self.types = { sku: String, quantity: Integer }
end
Order = Struct.new(:id, :lines, keyword_init: true) do
  def self.types = { id: Integer, lines: [Line] }
end
Refund = Struct.new(:order, :items, keyword_init: true)

Pyflow::Activity.define('refund', version: '1', input: Order) do |order|
  Refund.new(order: order.id, items: order.lines.sum(&:quantity))
end
