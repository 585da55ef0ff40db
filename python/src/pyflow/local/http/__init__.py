"""The service over HTTP: one ASGI app, and the connections of its clients."""
