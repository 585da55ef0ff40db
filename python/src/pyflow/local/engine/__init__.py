"""What Amazon SWF does, as pure functions over records: no clock, no I/O, no randomness here.

`accept` turns a request into records or refuses it, `apply` is the only place a Run changes, `due` says what
time will bring. Times are integer milliseconds since 1970, always an argument.
"""
