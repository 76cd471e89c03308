"""Meetings as a table: read as spreadsheet programs write it, checked cell by cell, made into drafts, written again."""
