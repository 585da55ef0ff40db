"""What SWF's strings hold (protocol/): values, claim checks and failures, encoded and decoded. No I/O, no clock."""

from .aes_gcm import Aes256Gcm, KeyRing
from .batch import Batch, decode_batch, encode_batch
from .encoding import encode, encode_heartbeat, write_payload
from .envelope import Payload, decode, read, resolve
from .failure import encode_failure
from .failure_of import failure_of
from .failure_read import decode_failure
from .forms import Written
from .limits import DATA_LIMIT, HEARTBEAT_LIMIT, REASON_LIMIT, units
from .order import OPERATIONS, Order, encode_order, read_order, verify_order
from .reference import Reference
from .start import CarriedSignal, Start, decode_start, encode_start
from .timestamp import Timestamp
from .towards_lambda import encode_plain
from .transforms import PayloadCodec
from .values import Map

__all__ = [
    "DATA_LIMIT",
    "HEARTBEAT_LIMIT",
    "OPERATIONS",
    "REASON_LIMIT",
    "Aes256Gcm",
    "Batch",
    "CarriedSignal",
    "KeyRing",
    "Map",
    "Order",
    "Payload",
    "PayloadCodec",
    "Reference",
    "Start",
    "Timestamp",
    "Written",
    "decode",
    "decode_batch",
    "decode_failure",
    "decode_start",
    "encode",
    "encode_batch",
    "encode_failure",
    "encode_heartbeat",
    "encode_order",
    "encode_plain",
    "encode_start",
    "failure_of",
    "read",
    "read_order",
    "resolve",
    "units",
    "verify_order",
    "write_payload",
]
