"""A request, and the records it leaves; or a Fault, and nothing.

Each function here is a generator that changes nothing itself. Whoever drives it applies each record before
asking for the next, so a decision sees what the ones before it did; all that can be refused is refused before
the first record.
"""
