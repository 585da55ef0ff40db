"""Records on disk: the tables, their rows, and the store that reads and writes them."""
