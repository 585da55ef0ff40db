"""Durable, distributed workflows as ordinary procedural Python on Amazon SWF."""
