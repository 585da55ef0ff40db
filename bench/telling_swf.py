"""The local SWF, which also prints the name of each operation that it is asked for."""

from __future__ import annotations

from pyflow.local import server
from pyflow.local.__main__ import local
from pyflow.local.wire.wire import Call, Wire


class Telling(Wire):
    """Says what it reads."""

    def read(self, target: str, body: bytes) -> Call:
        """The call, once its name is printed."""
        print(target.rpartition(".")[2], flush=True)
        return super().read(target, body)


if __name__ == "__main__":
    server.Wire = Telling
    local()
