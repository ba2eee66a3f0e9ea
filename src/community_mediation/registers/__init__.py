"""Registers in and out: CSV, XLSX and JSON Lines to cases, and cases to files that are safe to open."""

from community_mediation.registers.bounds import Bounds
from community_mediation.registers.columns import COLUMNS
from community_mediation.registers.exporting import ExportResult, export_facts, export_register
from community_mediation.registers.files import read_register
from community_mediation.registers.importing import import_register
from community_mediation.registers.mapping import RegisterMapping
from community_mediation.registers.results import ImportResult
from community_mediation.registers.tables import export_tables

__all__ = [
    "COLUMNS",
    "Bounds",
    "ExportResult",
    "ImportResult",
    "RegisterMapping",
    "export_facts",
    "export_register",
    "export_tables",
    "import_register",
    "read_register",
]
