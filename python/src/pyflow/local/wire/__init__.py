"""AWS JSON 1.0 and what AWS's service model lets through: texts in, texts out, no sockets."""
