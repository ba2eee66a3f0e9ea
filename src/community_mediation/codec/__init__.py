"""The one strict converter between events and their wire format, and the line between body and private part.

Nothing is coerced: ``None`` never becomes ``"None"``, ``3.9`` never ``3``, ``"false"`` never ``True``; unknown keys
are refused. An entry's wire form is two parts. The body names no one. The private part holds, by subject, the
values of every field whose sensitivity is not ``none``, with a salt; the body holds the digest of each.
"""

from community_mediation.codec.entries import WIRE_VERSION, Codec, Encoded, Opened, digest
from community_mediation.codec.json_schema import json_schema

__all__ = ["WIRE_VERSION", "Codec", "Encoded", "Opened", "digest", "json_schema"]
