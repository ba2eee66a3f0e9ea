"""Keeps a casebook in PostgreSQL."""
