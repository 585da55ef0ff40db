"""The Lambda function `price_order`: what an order costs, in the digits of its currency. It needs no pyflow."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

DIGITS = {  # the shop's currencies, and how many digits each has after the point (ISO 4217)
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "VND"), 0),
    **dict.fromkeys(("AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "GEL"), 2),
    **dict.fromkeys(("HKD", "HUF", "IDR", "ILS", "INR", "MAD", "MXN", "MYR", "NOK", "NZD", "PEN", "PHP"), 2),
    **dict.fromkeys(("PLN", "RON", "RSD", "SAR", "SEK", "SGD", "THB", "TRY", "UAH", "USD", "ZAR"), 2),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}
TAX_PERCENT: dict[str, int | Decimal] = {  # by country, of goods and discount; the shop sends parcels elsewhere untaxed
    "AT": 20, "BE": 21, "BG": 20, "CH": Decimal("8.1"), "CL": 19, "CZ": 21, "DE": 19, "DK": 25, "EG": 14, "ES": 21,
    "FI": Decimal("25.5"), "FR": 20, "GB": 20, "GR": 24, "HU": 27, "IE": 23, "IN": 18, "IS": 24, "IT": 22, "JP": 10,
    "KR": 10, "NL": 21, "NO": 25, "PL": 23, "PT": 23, "RO": 21, "SA": 15, "SE": 25, "TR": 20, "UA": 20, "VN": 10,
}  # fmt: skip
BULK_QUANTITY = 10
BULK_DISCOUNT = Decimal("0.05")  # of an item that is ordered ten times or more


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Subtotal, discount, tax and total as decimal strings.

    event: `{"country": "DE", "currency": "EUR", "items": [{"price": "19.90", "quantity": 2}]}`. Tax is included in
    no price; halves are rounded up.
    """
    currency = event["currency"]
    lines = [(Decimal(item["price"]) * item["quantity"], item["quantity"]) for item in event["items"]]
    subtotal = sum((amount for amount, _ in lines), Decimal(0))
    bulk = sum((amount for amount, quantity in lines if quantity >= BULK_QUANTITY), Decimal(0))
    discount = rounded(bulk * BULK_DISCOUNT, currency)
    percent = Decimal(TAX_PERCENT.get(event["country"], 0))
    tax = rounded((subtotal - discount) * percent / 100, currency)
    amounts = {"subtotal": subtotal, "discount": discount, "tax": tax, "total": subtotal - discount + tax}
    return {"tax_percent": str(percent), **{name: text(value, currency) for name, value in amounts.items()}}


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The nearest amount that can be paid in the currency."""
    return amount.quantize(Decimal(1).scaleb(-DIGITS[currency]), ROUND_HALF_UP)


def text(amount: Decimal, currency: str) -> str:
    """The amount with all digits of its currency: `118.40`, `5200`, `12.345`."""
    return f"{rounded(amount, currency):f}"
