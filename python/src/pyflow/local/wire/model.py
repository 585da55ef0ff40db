"""SWF's own service model, read from botocore's data file.

botocore itself is not imported: that takes 100 ms, this 4.
"""

from __future__ import annotations

import gzip
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class ModelMissing(Exception):
    """botocore's SWF model was not found."""


def service_model() -> dict[str, Any]:
    """SWF's service-2.json."""
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModelMissing("botocore is not installed: pip install boto3")
    folder = Path(spec.origin).parent / "data" / "swf" / "2012-01-25"
    packed, plain = folder / "service-2.json.gz", folder / "service-2.json"
    if packed.exists():
        model = json.loads(gzip.decompress(packed.read_bytes()))
    elif plain.exists():
        model = json.loads(plain.read_bytes())
    else:
        raise ModelMissing(f"no service model of SWF in {folder}: reinstall botocore")
    assert isinstance(model, dict)
    return model
