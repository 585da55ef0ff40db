"""What the demo puts around the application: reading orders, running processes, telling what happens."""
