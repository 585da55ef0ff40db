"""`python -m pyflow.local`, which is also `pyflow local`."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

import click

try:
    from pyflow.local.chaos.plan import Plan, PlanRefused
    from pyflow.local.engine.fault import Fault
    from pyflow.local.http.address import AddressRefused, listening, url_of
    from pyflow.local.http.bounds import raise_file_limit
    from pyflow.local.http.credentials import CredentialsRefused, read_credentials
    from pyflow.local.lambdas import HostingError
    from pyflow.local.lambdas.options import functions_of
    from pyflow.local.operations import RETENTION_DAYS
    from pyflow.local.running.running import Running
    from pyflow.local.server import PROFILES, Settings, serve
    from pyflow.local.service.clock import CLOCKS
    from pyflow.local.storage.damage import StoreFailed
    from pyflow.local.storage.opening import Durability, StoreRefused
    from pyflow.local.storage.store import Store
    from pyflow.local.wire.checks import checks
    from pyflow.local.wire.model import ModelMissing, service_model
except ModuleNotFoundError as missing:
    if __name__ != "__main__":
        raise
    click.echo(f"pyflow local: {missing.name} is not installed: pip install 'pyflow-swf[local]'", err=True)
    sys.exit(2)


logger = logging.getLogger("pyflow.local")


class BadInput(click.ClickException):
    """What was asked for can't be; one sentence on stderr."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Say so."""
        click.echo(f"pyflow local: {self.message}", err=True)


class Failed(BadInput):
    """What went well can't go on; one sentence on stderr."""

    exit_code = 1


@click.command(name="local", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=4599, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free one."
)
@click.option(
    "--db", "database", default=":memory:", show_default=True, help="SQLite file that keeps everything."
)
@click.option(
    "--durability",
    default="normal",
    show_default=True,
    type=click.Choice(["normal", "full"]),
    help="What the file survives: kill -9, or a power cut too.",
)
@click.option("--domain", "domains", multiple=True, metavar="NAME", help="Create this domain. Repeatable.")
@click.option(
    "--poll-seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="How long a poll that finds nothing is held.",
)
@click.option(
    "--clock",
    default="real",
    show_default=True,
    type=click.Choice(list(CLOCKS)),
    help="`virtual` skips the time in which everybody waits.",
)
@click.option(
    "--lambda",
    "functions",
    multiple=True,
    metavar="NAME=MODULE:FUNCTION",
    help="Host a Python handler as a function. Repeatable.",
)
@click.option(
    "--lambda-command",
    "commands",
    multiple=True,
    metavar="NAME=COMMAND",
    help="Host any program that speaks the Lambda Runtime API as a function; no shell is used. Repeatable.",
)
@click.option(
    "--lambda-memory",
    "memory",
    multiple=True,
    metavar="[NAME=]MB",
    help="Memory of one hosted function, or of all (1769).",
)
@click.option(
    "--lambda-timeout",
    "timeouts",
    multiple=True,
    metavar="[NAME=]SECONDS",
    help="Time of one hosted function, or of all (900).",
)
@click.option(
    "--lambda-concurrency",
    default=4,
    show_default=True,
    type=click.IntRange(min=1),
    help="Processes for each hosted function.",
)
@click.option(
    "--profile",
    default="open",
    show_default=True,
    type=click.Choice(list(PROFILES)),
    help="Throttle as AWS does an account, or not at all.",
)
@click.option("--chaos", metavar="SEED[:PROFILE]", help="Let calls meet faults, the same for the same seed.")
@click.option("--lambda-endpoint", metavar="URL", help="Invoke functions at this Lambda endpoint instead.")
@click.option("--allow-remote", is_flag=True, help="Let other machines ask, on a --host they can reach.")
@click.option(
    "--credentials",
    metavar="FILE",
    help="Let in only who signs with a key of this file, which is like ~/.aws/credentials.",
)
@click.option(
    "--log-level",
    default="warning",
    show_default=True,
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="Of the log on stderr; `info` has a line for every refused request.",
)
def local(
    host: str,
    port: int,
    database: str,
    durability: Durability,
    domains: tuple[str, ...],
    poll_seconds: float,
    clock: str,
    functions: tuple[str, ...],
    commands: tuple[str, ...],
    memory: tuple[str, ...],
    timeouts: tuple[str, ...],
    lambda_concurrency: int,
    profile: str,
    chaos: str | None,
    lambda_endpoint: str | None,
    allow_remote: bool,
    credentials: str | None,
    log_level: str,
) -> None:
    """Run an Amazon SWF endpoint on this machine; no AWS account, nothing leaves it.

    Its first line on stdout is `ready URL`. SIGTERM or SIGINT end it, with exit code 0.
    """
    logging.basicConfig(
        stream=sys.stderr, level=log_level.upper(), format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    raise_file_limit()
    try:
        plan = None if chaos is None else Plan.read(chaos)
    except PlanRefused as refused:
        raise BadInput(f"--chaos {chaos}: {refused}") from refused
    try:
        make = functions_of(functions, commands, memory, timeouts, lambda_concurrency, lambda_endpoint)
        settings = Settings(
            host,
            port,
            database,
            domains,
            poll_seconds,
            clock=CLOCKS[clock](),
            functions=make,
            profile=profile,
            chaos=plan,
            durability=durability,
            allow_remote=allow_remote,
            secrets=None if credentials is None else read_credentials(credentials),
        )
        _check_names(domains)
        sock = listening(host, port, allow_remote=allow_remote)
        if allow_remote and credentials is None:
            logger.warning(
                "whoever reaches %s may do anything: --credentials lets in only who signs", url_of(sock)
            )
        store = Store(database, durability)
    except (AddressRefused, CredentialsRefused, HostingError, StoreRefused, ModelMissing) as error:
        raise BadInput(str(error)) from error
    url = url_of(sock)

    def ready(running: Running, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        click.echo(f"ready {url}")
        sys.stdout.flush()

    try:
        asyncio.run(serve(settings, sock, store, ready))
    except HostingError as error:
        raise BadInput(str(error)) from error
    except Fault as fault:
        raise BadInput(f"--domain names more than SWF allows: {fault.message}") from fault
    except StoreFailed as error:
        raise Failed(str(error)) from error


def _check_names(domains: tuple[str, ...]) -> None:
    check = checks(service_model())["RegisterDomain"]
    for name in domains:
        try:
            check({"name": name, "workflowExecutionRetentionPeriodInDays": RETENTION_DAYS})
        except Fault as fault:
            raise BadInput(f"--domain {name!r} is no name of a domain: {fault.message}") from fault


if __name__ == "__main__":
    local(prog_name="python -m pyflow.local")
