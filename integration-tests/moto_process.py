"""moto's server on a port that is free, as a process that says `ready URL` and ends on SIGTERM."""

from __future__ import annotations

import logging
import signal

from moto.server import ThreadedMotoServer


def main() -> None:
    """Serves until a signal comes."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(f"ready http://{host}:{port}", flush=True)
    signal.sigwait(signals)
    server.stop()


if __name__ == "__main__":
    main()
