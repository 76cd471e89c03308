"""Meetings as a table: read from what a spreadsheet program wrote, checked cell by cell, made into drafts, written again."""
