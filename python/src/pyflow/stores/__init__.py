"""Where payloads lie that SWF can't hold, and what else stands between a value and its field: keys, codecs, stores."""

from .files import FileStore
from .payloads import Payloads
from .s3 import S3Store
from .store import PayloadStore

__all__ = ["FileStore", "PayloadStore", "Payloads", "S3Store"]
