"""The ZIP package of a workbook, with every inflated byte and every tag counted.

Nothing is extracted and no path of the file is followed: parts are looked up by name in the package, and
read as streams. A document type is refused where it begins, so that there are no entities.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final
from xml.parsers import expat

from community_mediation.errors import UnreadableFile
from community_mediation.registers.bounds import MEBI, Bounds, Meter

_CHUNK: Final = 64 * 1024
_END: Final = struct.Struct("<4s4H2LH")
_AGAIN: Final = "Open it in a spreadsheet program and save it again as XLSX."
_SLACK: Final = MEBI
_SILENT: Final = MEBI
_BESIDE: Final = 16 * MEBI

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Package:
    """The parts of one workbook."""

    def __init__(self, name: str, file: BinaryIO, size: int, bounds: Bounds) -> None:
        self.name, self.bounds, self.meter = name, bounds, Meter(name, bounds)
        self._size = size
        self._inflated = 0
        self._check_directory(file)
        try:
            self._zip = zipfile.ZipFile(file)
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, struct.error, OverflowError, NotImplementedError, LookupError):
            raise self.broken("its directory is damaged") from None
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            part = info.filename
            if ".." in part.split("/") or part.startswith("/") or "\\" in part or ":" in part:
                raise self.broken("a part has the name of a path outside it")
            if part.lower() in self._parts:
                raise self.broken("two parts have one name")
            if info.flag_bits & 0x1:
                raise UnreadableFile(f"{name}: protected by a password. Remove the password and try again.")
            self._parts[part.lower()] = info

    def broken(self, why: str) -> UnreadableFile:
        """The error for a workbook that is not what it should be."""
        return UnreadableFile(f"{self.name}: not a sound workbook: {why}. {_AGAIN}")

    def _check_directory(self, file: BinaryIO) -> None:
        # zipfile reads the whole directory into memory before it says how many parts there are.
        reach = min(self._size, 65535 + _END.size)
        file.seek(self._size - reach)
        tail = file.read(reach)
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or at + _END.size > len(tail):
            raise self.broken("it has no end, as if a download had stopped")
        _, disk, start, here, entries, length, offset, _ = _END.unpack_from(tail, at)
        if disk or start or here != entries or tail[max(0, at - 20) : at].startswith(b"PK\x06\x07"):
            raise self.broken("it has several volumes or is of the ZIP64 kind")
        if entries > self.bounds.entries or length > self.bounds.entries * 512:
            raise self.bounds.exceeded(self.name, "entries", _AGAIN.removesuffix("."))
        if length + offset > self._size:
            raise self.broken("its directory is damaged")

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def chunks(self, part: str) -> Iterator[bytes]:
        """The unpacked bytes of one part, each counted before it is handed on."""
        info = self._parts.get(part.lower())
        if info is None:
            raise self.broken("a part is missing")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.broken("a part is packed in a way that workbooks do not use")
        packed = max(1, min(info.compress_size, self._size))
        # zipfile never hands out more than a part claims: a claim beyond the bound is refused before a byte is read.
        if info.file_size > _SLACK and info.file_size > packed * self.bounds.ratio:
            raise self.bounds.exceeded(self.name, "ratio", _AGAIN.removesuffix("."))
        inflated = 0
        for chunk in self._inflate(info):
            inflated += len(chunk)
            self._inflated += len(chunk)
            if inflated > _SLACK and inflated > packed * self.bounds.ratio:
                raise self.bounds.exceeded(self.name, "ratio", _AGAIN.removesuffix("."))
            if self._inflated > self.bounds.unpacked_bytes:
                raise self.bounds.exceeded(self.name, "unpacked_bytes")
            self.meter.tick()
            yield chunk

    def _inflate(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, struct.error, OSError):
            raise self.broken("a part is damaged") from None

    def size_of(self, part: str) -> int:
        """The unpacked size that a part claims, for showing progress only."""
        info = self._parts.get(part.lower())
        return info.file_size if info is not None else 0

    def parse(self, part: str, start: Start, end: End, text: Text) -> Iterator[int]:
        """Feed a part to the handlers, which get names without their namespace; yields the bytes fed so far."""
        parser = expat.ParserCreate("utf-8", "}")
        parser.buffer_text = True
        depth = silent = 0
        most = self.bounds.depth

        def on_start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth, silent
            depth, silent = depth + 1, 0
            if depth > most:
                raise self.bounds.exceeded(self.name, "depth", _AGAIN.removesuffix("."))
            start(tag.rpartition("}")[2], attributes)

        def on_end(tag: str) -> None:
            nonlocal depth, silent
            depth, silent = depth - 1, 0
            end(tag.rpartition("}")[2])

        def on_text(data: str) -> None:
            nonlocal silent
            silent = 0
            text(data)

        def refuse(*_: object) -> None:
            raise self.broken("it declares a document type, which workbooks never do")

        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = on_start, on_end, on_text
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
        fed = 0
        try:
            for chunk in self.chunks(part):
                # A tag or comment without end is held by the parser: one of a mebibyte is no workbook's.
                silent += len(chunk)
                parser.Parse(chunk, False)
                if silent > _SILENT:
                    raise self.broken("it holds a tag without end")
                fed += len(chunk)
                yield fed
            parser.Parse(b"", True)
            yield fed
        except expat.ExpatError:
            raise self.broken("a part is not valid XML") from None

    def read(
        self, part: str, start: Start, end: End | None = None, text: Text | None = None, *, most: int = _BESIDE
    ) -> None:
        """Feed a whole part of at most so many bytes to the handlers."""
        for fed in self.parse(part, start, end or _nothing, text or _nothing):
            if fed > most:
                raise self.broken("a part beside its sheets is too long")


def _nothing(_: str) -> None:
    pass


def resolved(source: str, target: str) -> str:
    """The part that *target* names, as written in the relationships of the part *source*."""
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
