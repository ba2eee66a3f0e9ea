"""Mapping files: how the columns and words of a foreign register become the canonical ones.

A file names, per canonical column, the heading that it comes from; further tables give constants, the meaning of
words, forms of dates, the unit of money and own fields; ``samples/nyc311.toml`` is one.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Self

import attrs

from community_mediation.errors import InvalidMapping, TooLarge, UnreadableFile
from community_mediation.files import shown
from community_mediation.registers.bounds import Bounds
from community_mediation.registers.checking import checked
from community_mediation.registers.columns import OwnColumn
from community_mediation.registers.files import DEFAULT_BOUNDS, open_regular, read_register
from community_mediation.registers.rows import RegisterFile

if TYPE_CHECKING:
    from community_mediation.registers.binding import BoundMapping

_FILE_BOUNDS: Final = Bounds(file_bytes=1024 * 1024)


@attrs.frozen(kw_only=True)
class RegisterMapping:
    """A mapping, checked. Without arguments, it takes headings that are canonical already.

    Attributes:
        name: The file's name, for messages.
        columns: Canonical column to heading; ``None``: the headings are the canonical names.
        constants: Canonical column to the text that stands in every row.
        codes: Canonical column to folded word to code (``""`` is unknown, the word ``*`` any other word).
        zone: The IANA zone of times without one.
        centre: The centre of rows that name none.
        dispute_scheme: The list that dispute types stand in, for rows that name none.
        currency: Of amounts, for rows that name none.
        unit: What amounts are multiplied by.
        date_formats: The only forms of times, as ``datetime.strptime`` takes them; empty: the usual ones.
        dates: The same for single columns.
        ambiguous: ``refuse``, ``earlier`` or ``later``: what a local time means that happens twice.
        own: Columns that the canonical register does not have.
        ignore: Headings that are knowingly left out.
        encoding: How to read the file; ``None``: as found. So are the next three.
        delimiter: Of CSV.
        sheet: Of a workbook.
        header_row: Of CSV and workbooks.
    """

    name: str = "the mapping"
    columns: Mapping[str, str] | None = None
    constants: Mapping[str, str] = attrs.field(factory=dict)
    codes: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    zone: str | None = None
    centre: str | None = None
    dispute_scheme: str | None = None
    currency: str | None = None
    unit: Decimal = Decimal(1)
    date_formats: tuple[str, ...] = ()
    dates: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    ambiguous: str = "refuse"
    own: tuple[OwnColumn, ...] = ()
    ignore: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | int | None = None
    header_row: int | None = None

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read and check a mapping file (TOML).

        Raises:
            InvalidMapping: It cannot be read, or a key is unknown, missing or has a wrong value; the message
                names the file, the key, the reason and what is possible.
        """
        name = shown(path)
        try:
            file, _ = open_regular(path, _FILE_BOUNDS)
            with file:
                text = file.read(_FILE_BOUNDS.file_bytes + 1).decode("utf-8-sig")
        except TooLarge:
            raise InvalidMapping(f"{name}: far too large for a mapping. Give the mapping, not the register.") from None
        except UnreadableFile as error:
            raise InvalidMapping(
                str(error).replace("A register needs a row of headings.", "Write a mapping.")
            ) from None
        except UnicodeDecodeError:
            raise InvalidMapping(f"{name}: not UTF-8. Save it as UTF-8.") from None
        except OSError:
            raise InvalidMapping(f"{name}: reading failed. Copy it to this machine and try again.") from None
        return cls.parse(text, name=name)

    @classmethod
    def parse(cls, text: str, *, name: str = "the mapping") -> Self:
        """Check the text of a mapping file.

        Raises:
            InvalidMapping: As ``load`` does.
        """
        try:
            document: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            where = str(error).rpartition("(")[2].rstrip(")")
            raise InvalidMapping(
                f"{name}: not valid TOML ({where}). Texts need quotation marks on both sides."
            ) from None
        except (RecursionError, ValueError, OverflowError):
            raise InvalidMapping(f"{name}: not valid TOML: a value is nested too deep or too long. Mend it.") from None
        return cls(name=name, **checked(name, document))

    def read(self, path: str | os.PathLike[str], *, bounds: Bounds = DEFAULT_BOUNDS) -> RegisterFile:
        """Open a register as this mapping says: its encoding, separator, sheet and header row."""
        return read_register(
            path,
            bounds=bounds,
            encoding=self.encoding,
            delimiter=self.delimiter,
            sheet=self.sheet,
            header_row=self.header_row,
        )

    def bind(
        self,
        headings: Sequence[str],
        *,
        zone: str | None = None,
        centre: str | None = None,
        zone_for_centre: Callable[[str], str | None] | None = None,
    ) -> BoundMapping:
        """Hold this mapping against the headings of one file.

        Args:
            headings: Of the file, as ``RegisterFile.headings`` has them.
            zone: Goes before the zone of the mapping.
            centre: Goes before the centre of the mapping; a centre in a row goes before both.
            zone_for_centre: The zone of a centre, for rows and files that name none.

        Raises:
            InvalidMapping: A heading or a required column is missing, or no zone can be known.
        """
        # Binding needs this class, and most of its callers never see a mapping file.
        from community_mediation.registers.binding import bound

        return bound(self, headings, zone=zone, centre=centre, zone_for_centre=zone_for_centre)
