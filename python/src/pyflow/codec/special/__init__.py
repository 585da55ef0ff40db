"""What only deciders and operators write: runs that begin with more than an input, batches, orders."""
