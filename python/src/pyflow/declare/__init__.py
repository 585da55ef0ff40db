"""What authors write down: descriptors of steps, activity definitions."""
