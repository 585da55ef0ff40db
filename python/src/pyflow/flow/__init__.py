"""What workflow code holds: the `Workflow` class, `self.swf`, and the features built on futures."""
