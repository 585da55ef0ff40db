"""Lambda functions on a laptop: what the embedded SWF calls when a decider schedules one.

`HostedFunctions` runs handlers in warm processes through the Lambda Runtime API; `ForwardedFunctions` asks
another endpoint. What a handler can do to its host, and what comes of it: README.md beside this file.
"""

from pyflow.local.lambdas.command import Command, HostingError
from pyflow.local.lambdas.forwarded import ForwardedFunctions
from pyflow.local.lambdas.function import Limits
from pyflow.local.lambdas.hosted import HostedFunctions
from pyflow.local.lambdas.outcome import Completed, Failed, Functions, TimedOut

__all__ = [
    "Command",
    "Completed",
    "Failed",
    "ForwardedFunctions",
    "Functions",
    "HostedFunctions",
    "HostingError",
    "Limits",
    "TimedOut",
]
