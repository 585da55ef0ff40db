"""What SWF's strings hold (protocol/): values, claim checks and failures, encoded and decoded. No I/O, no clock."""

from .encoding import encode, encode_heartbeat
from .envelope import Payload, decode, read, resolve
from .failure import encode_failure
from .failure_of import failure_of
from .failure_read import decode_failure
from .limits import DATA_LIMIT, HEARTBEAT_LIMIT, REASON_LIMIT, units
from .reference import Reference
from .timestamp import Timestamp
from .towards_lambda import encode_plain
from .transforms import PayloadCodec
from .values import Map

__all__ = [
    "DATA_LIMIT",
    "HEARTBEAT_LIMIT",
    "REASON_LIMIT",
    "Map",
    "Payload",
    "PayloadCodec",
    "Reference",
    "Timestamp",
    "decode",
    "decode_failure",
    "encode",
    "encode_failure",
    "encode_heartbeat",
    "encode_plain",
    "failure_of",
    "read",
    "resolve",
    "units",
]
