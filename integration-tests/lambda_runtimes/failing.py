def handler(event, context): ...


RATE = 1 / 0
