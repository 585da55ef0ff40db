"""A function that is hosted here: its name, the command that runs it, and what an invocation may use."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyflow.local.lambdas.command import Command, HostingError

ACCOUNT = "123456789012"
"""The account in the ARNs that handlers see: the one of AWS's own examples."""

MEMORY = 1_769
"""MB of a function that says nothing: as much as gives it a whole CPU on AWS, which is what it has here.

AWS's own default, 128, is too little for a JVM that was told nothing of it, or for pandas.
"""

LONGEST = 900
"""Seconds of a function that says nothing: the most there is on AWS (whose default is 3), and SWF's own limit.

What is set on AWS is not known here, and a shorter default would end what runs there.
"""


@dataclass(frozen=True)
class Limits:
    """What one invocation may use, as on AWS it is set with the function.

    memory: MB (of 1 048 576 bytes) that its processes may hold together, 128 to 10 240; seconds: from when a process
    has the event, 1 to 900. Raises HostingError outside of these.
    """

    memory: int = MEMORY
    seconds: int = LONGEST

    def __post_init__(self) -> None:
        if not 128 <= self.memory <= 10_240:
            raise HostingError(f"lambda memory is {self.memory} MB: Lambda has 128 to 10240")
        if not 1 <= self.seconds <= LONGEST:
            raise HostingError(f"lambda timeout is {self.seconds} seconds: Lambda has 1 to {LONGEST}")


@dataclass(frozen=True)
class Function:
    """A function by the name that deciders call it by."""

    name: str
    command: Command
    limits: Limits = field(default_factory=Limits)

    @property
    def arn(self) -> str:
        """What its handler is told of who was invoked."""
        return arn(self.name)


def arn(name: str) -> str:
    """The ARN of a function of this name."""
    return f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"


def bare_name(name: str) -> str:
    """The bare name in a name, a partial or whole ARN, or one with a version or alias behind it.

    Source: Lambda API, Invoke, FunctionName.
    """
    _, found, rest = name.rpartition("function:")
    return (rest if found else name).partition(":")[0]
