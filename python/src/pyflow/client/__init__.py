"""What starts and watches executions from outside."""
