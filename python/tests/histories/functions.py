"""The Lambda functions that the workflows call."""


def upper(event, context):
    """The text in capitals."""
    return event.upper()


def broken(event, context):
    """Raises."""
    raise ValueError("broken on purpose")
