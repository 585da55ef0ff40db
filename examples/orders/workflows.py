"""The workflows: an order and its shipment, as ordinary procedural code over four runtimes.

Nothing here blocks a thread, and any line may be the last one before a crash: a decider that is started again goes
on from what SWF recorded. So this code asks SWF for the time, and has effects only in steps.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import carriers
import receipts

import pyflow

ATTEMPTS = 3  # at the card
SECONDS_BETWEEN_ATTEMPTS = 1
SECONDS_TO_CHANGE_ONE_S_MIND = 1
SECONDS_TO_PACK = 1


class OrderWorkflow(pyflow.Workflow):
    """Prices an order, charges and invoices it, keeps the receipt and ships it; or takes all that back."""

    NAME = "OrderWorkflow"
    VERSION = "1.0"

    price_order = pyflow.LambdaDescriptor("price_order", timeout=30)  # pricing.py
    charge_card = pyflow.ActivityDescriptor("charge_card", "1.0", task_list="charges")  # charge.rb
    render_invoice = pyflow.ActivityDescriptor("render_invoice", "1.0", task_list="invoices")  # Invoices.java
    void_invoice = pyflow.ActivityDescriptor("void_invoice", "1.0", task_list="invoices")
    store_receipt = receipts.store_receipt  # receipts.py
    ship = pyflow.ChildWorkflowDescriptor("ShipmentWorkflow", "1.0")  # below

    def run(self, order: dict[str, Any]) -> dict[str, Any]:
        """order: as README.md defines it, its attachment's data as bytes. Returns the result it defines."""
        price = self.price(order)
        invoice = self.render_invoice(
            order=order["id"],
            customer=order["customer"],
            currency=order["currency"],
            items=order["items"],
            attachment=order.get("attachment"),
            price=price,
            issued=self.swf.workflow_time(),
        )
        result = {"order": order["id"], "total": str(price["total"]), "currency": order["currency"]}
        try:
            charge = self.charge(order, price["total"])  # in Ruby, while Java renders the invoice
        except pyflow.InvocationFailedException as failure:
            number = invoice.result()["number"]
            credit_note = self.void_invoice(number=number, reason=failure.message).result()
            if failure.type != "CardDeclined":
                raise
            result |= {"status": "declined", "code": failure.data["code"], "message": failure.message}
            return result | {"invoice": number, "credit_note": credit_note["number"]}

        rendered = invoice.result()
        receipt = self.store_receipt(
            order=order["id"],
            invoice=rendered["number"],
            document=rendered.pop("document"),
            charge=charge["id"],
            total=price["total"],
            currency=order["currency"],
            paid=self.swf.workflow_time(),
        )
        self.swf.wait_for_all(receipt, self.swf.start_timer(SECONDS_TO_CHANGE_ONE_S_MIND))
        carrier = self.swf.invoke_once(carriers.pick, order["customer"]["country"]).result()
        parcel = self.ship(order=order["id"], name=order["customer"]["name"], carrier=carrier).result()
        return result | {
            "status": "shipped",
            "charge": charge,
            "invoice": rendered,
            "receipt": receipt.result(),
            "parcel": parcel,
        }

    def price(self, order: dict[str, Any]) -> dict[str, Decimal]:
        """The Lambda function's answer, as numbers."""
        items = [{"price": item["price"], "quantity": item["quantity"]} for item in order["items"]]
        country = order["customer"]["country"]
        priced = self.price_order(country=country, currency=order["currency"], items=items).result()
        return {name: Decimal(amount) for name, amount in priced.items()}

    def charge(self, order: dict[str, Any], total: Decimal) -> dict[str, Any]:
        """Charges the card; tries again where that makes sense, with a timer in between."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                charged: dict[str, Any] = self.charge_card(
                    order=order["id"],
                    attempt=attempt,
                    card=order["card"],
                    name=order["customer"]["name"],
                    total={"amount": total, "currency": order["currency"]},
                ).result()
                return charged | {"attempts": attempt}
            except pyflow.InvocationFailedException as failure:
                if failure.non_retryable or attempt == ATTEMPTS:
                    raise
                self.swf.sleep(SECONDS_BETWEEN_ATTEMPTS)
        raise AssertionError("the last attempt returns or raises")


class ShipmentWorkflow(pyflow.Workflow):
    """Packs a parcel and gives it to its carrier."""

    NAME = "ShipmentWorkflow"
    VERSION = "1.0"

    store_label = receipts.store_label

    def run(self, shipment: dict[str, Any]) -> dict[str, str]:
        """shipment: `{"order": id, "name": …, "carrier": {"name": …, "code": …}}`."""
        carrier = shipment["carrier"]
        tracking = carriers.tracking_number(carrier["code"], shipment["order"])
        label = self.store_label(
            order=shipment["order"], name=shipment["name"], carrier=carrier["name"], tracking=tracking
        )
        self.swf.wait_for_all(label, self.swf.start_timer(SECONDS_TO_PACK))
        return {"carrier": carrier["name"], "tracking": tracking, "label": label.result()}
