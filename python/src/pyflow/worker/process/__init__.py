"""What the two workers share: threads that hand over, back-off, signals of the system."""
