"""Values as texts and bytes: plain JSON, xjson, msgpack; strict, and at little more than the libraries' cost."""
