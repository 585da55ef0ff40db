"""A trip of several bookings: all of them or none. What was booked is given back, whatever ends the trip early."""

from typing import Any

import pyflow


@pyflow.activity(version="1")
def book(part: str) -> str:
    """Book one part of a trip."""
    if part == "cruise":
        raise pyflow.ApplicationError("no cabin is left", type="SoldOut", non_retryable=True)
    return f"{part} #1"


@pyflow.activity(version="1")
def give_back(booking: str) -> str:
    """Cancel one booking; may be called twice."""
    return f"{booking} given back"


class Trip(pyflow.Workflow):
    """Input: the parts of the trip, in their order. Result: the bookings."""

    NAME = "Trip"
    ON_CANCEL = "raise"
    book = book.using(retry=pyflow.RetryPolicy(5, first=10))
    give_back = give_back.using(retry=pyflow.RetryPolicy(None, expires=3_000))

    def run(self, parts: list[str]) -> list[Any]:
        """Book; on a failure or a cancel compensate, the last booking first."""
        booked: list[Any] = []
        try:
            for part in parts:
                booked.append(self.book(part).result())
        except (pyflow.InvocationException, pyflow.WorkflowCanceled):
            with self.swf.shielded():  # a cancel that comes now does not stop the compensation
                for booking in reversed(booked):
                    self.give_back(booking).result()
            raise
        return booked
