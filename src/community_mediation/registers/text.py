"""The encoding of a text file, proved over the whole of it; lines of bounded length."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from community_mediation.errors import UnreadableFile
from community_mediation.registers.bounds import Bounds

_CHUNK: Final = 1024 * 1024
_FOREIGN_SHARE: Final = 4
_WIDE_CODECS: Final = ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig")
_PROBE: Final = b'azAZ09,;"\t|+AGE-\\x41\n'
_NAME_IT: Final = "Save it as UTF-8, or name its encoding (encoding)."
# GB 2312 knows other code points for these two, and both are common in registers.
_COMMON: Final = {ord("—"): None, ord("·"): None}


def _decodes(file: BinaryIO, encoding: str) -> tuple[bool, int, int]:
    """Whether the whole file is valid; how many characters are not ASCII, and how many of these GB 2312 lacks."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    count_foreign = encoding == "gb18030"
    wide = foreign = 0
    file.seek(0)
    try:
        while True:
            chunk = file.read(_CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            if count_foreign and not text.isascii():
                kept = text.translate(_COMMON)
                plain = len(kept.encode("ascii", "ignore"))
                known = (len(kept.encode("gb2312", "ignore")) - plain) // 2
                wide += len(kept) - plain
                foreign += len(kept) - plain - known
            if not chunk:
                return True, wide, foreign
    except UnicodeError:
        return False, wide, foreign
    finally:
        file.seek(0)


def recognise(name: str, file: BinaryIO, wanted: str | None) -> str:
    """The encoding of a text file, certain for every byte of it.

    A mark (BOM) decides; else UTF-8 if the whole file is valid UTF-8; else GB 18030 if the whole file is
    valid and reads like Chinese: Western and Big5 texts are often valid GB 18030 too, and come out as
    rare characters, which is refused rather than taken.

    Raises:
        UnreadableFile: None fits, or the one that was named does not.
    """
    head = file.read(4096)
    file.seek(0)
    if wanted is not None:
        try:
            info = codecs.lookup(wanted)
            # Other codecs than those of texts undo escapes, or turn letters into others.
            if info.name == "idna" or (
                info.name not in _WIDE_CODECS and _PROBE.decode(wanted) != _PROBE.decode("ascii")
            ):
                raise LookupError
        except (LookupError, ValueError):
            raise UnreadableFile(f"{name}: no encoding is called that. Try utf-8, gb18030 or utf-16.") from None
        # GBK files of every age are GB 18030 files.
        encoding = "gb18030" if info.name in ("gb2312", "gbk") else info.name
        encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    elif head.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif head.count(0) > len(head) // 4:
        raise UnreadableFile(f"{name}: not a text, or UTF-16 without its mark. {_NAME_IT}")
    else:
        encoding = ""
    if encoding:
        if not _decodes(file, encoding)[0]:
            raise UnreadableFile(f"{name}: some bytes are not {encoding.removesuffix('-sig').upper()}. {_NAME_IT}")
        return encoding
    if _decodes(file, "utf-8")[0]:
        return "utf-8"
    valid, wide, foreign = _decodes(file, "gb18030")
    if valid and foreign * _FOREIGN_SHARE <= wide:
        return "gb18030"
    raise UnreadableFile(f"{name}: neither UTF-8 nor GB 18030 throughout. {_NAME_IT}")


class Lines:
    """Lines of a text with their own line ends, none longer than a record may be."""

    def __init__(self, name: str, file: BinaryIO, encoding: str, bounds: Bounds) -> None:
        self.name, self.bounds, self._encoding = name, bounds, encoding
        self._text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
        self.in_record = 0
        self.number = 0
        self.has_nul = self.has_apostrophe = False

    def begin_record(self) -> None:
        """Count, and look, anew: the next line begins a record."""
        self.in_record = 0
        self.has_nul = self.has_apostrophe = False

    def release(self) -> None:
        """Let go of the file, which a wrapper would otherwise close when it is collected."""
        self._text.detach()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        most = self.bounds.record_chars
        try:
            line = self._text.readline(most - self.in_record + 1)
        except UnicodeError:
            raise UnreadableFile(f"{self.name}: some bytes are not {self._encoding}. {_NAME_IT}") from None
        except OSError:
            raise UnreadableFile(f"{self.name}: reading failed. Copy the file to this machine and try again.") from None
        if not line:
            raise StopIteration
        self.in_record += len(line)
        self.number += 1
        if "\0" in line:
            self.has_nul = True
        if "'" in line:
            self.has_apostrophe = True
        if self.in_record > most:
            where = f"{self.name} line {self.number}"
            raise self.bounds.exceeded(where, "record_chars", "Look for a quotation mark that is never closed above it")
        return line
