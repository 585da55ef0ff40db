# frozen_string_literal: true

# Ruby warns of a number beyond float64, which some vectors are about; every other warning is shown.
module QuietNumbers
  def warn(message, **)
    super unless message.match?(/Float .* out of range/)
  end
end

Warning.extend(QuietNumbers)
