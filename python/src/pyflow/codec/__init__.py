"""What SWF's strings hold (protocol/): values, claim checks and failures, encoded and decoded. No I/O, no clock."""

from .failures.caught import failure_of
from .failures.encoding import encode_failure
from .failures.reading import decode_failure
from .model.limits import DATA_LIMIT, HEARTBEAT_LIMIT, REASON_LIMIT, units
from .model.timestamp import Timestamp
from .model.values import Map
from .payloads.aes_gcm import Aes256Gcm, KeyRing
from .payloads.encoding import encode, encode_heartbeat, write_payload
from .payloads.envelope import Payload, decode, read, resolve
from .payloads.forms import Written
from .payloads.reference import Reference
from .payloads.towards_lambda import encode_plain
from .payloads.transforms import PayloadCodec
from .special.batch import Batch, decode_batch, encode_batch
from .special.order import OPERATIONS, Order, encode_order, read_order, verify_order
from .special.start import CarriedSignal, Start, decode_start, encode_start

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
