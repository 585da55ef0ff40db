"""The service on an asyncio loop: polls that are held, the alarm, commits that are shared, lambda calls."""
