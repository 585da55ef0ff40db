"""What an SWF field holds: a value in its first form that fits, with codecs, headers and claim checks."""
