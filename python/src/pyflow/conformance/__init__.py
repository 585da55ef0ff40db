"""The conformance kit: whether a worker, in whatever language, does what protocol/ says. Not imported by any other part."""
