"""SWF over one store: runs, task lists, tokens, the clock, and what runs tell one another."""
