"""The history as SWF records it: events, the routes that each type takes, and the turns they make up. No I/O."""
