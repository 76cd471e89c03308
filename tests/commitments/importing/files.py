"""Tables as spreadsheet programs write them, and files that are none."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl

GOOD = "التاريخ,الموضوع,الحي,التعهّد,المصلحة,الأجل\n2/3/2026,لقاء,tamersit,دورية,district,1/6/2026\n"


def workbook(*rows: Sequence[Any], **sheets: str) -> bytes:
    """An XLSX with these rows; further sheets by name, each with its state."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    for name, state in sheets.items():
        book.create_sheet(name).sheet_state = state
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """A workbook with parts added, or replaced; `__` stands for a slash in their names."""
    out = io.BytesIO()
    named = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in named:
                new.writestr(name, old.read(name))
        for name, part in named.items():
            new.writestr(name, part)
    return out.getvalue()


def zipped(**parts: str) -> bytes:
    """Any other package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return out.getvalue()


HEADED = ["date", "subject", "pledge", "due date"]
SHEET = workbook(HEADED, ["2/3/2026", "s", "p", "1/6/2026"])
BOOK = "xl__workbook_dot_xml"
ONE = "xl__worksheets__sheet1_dot_xml"

# Each with words of the sentence that refuses it.
MALFORMED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank lines": (b"\r\n \r\n\t", "is empty"),
    "a mark of UTF-8 alone": (b"\xef\xbb\xbf", "is empty"),
    "NUL bytes alone": (b"\0" * 50, "is empty"),
    "too large": (b"date,pledge\n" + b"a" * 6_000_000, "larger than 5 MB"),
    "headings alone": (b"date,pledge\n\n\n", "nothing under them"),
    "headings alone in a workbook": (workbook(HEADED), "nothing under them"),
    "an empty workbook": (workbook(), "No headings"),
    "no headings": (b"a,b\nc,d\n", "No headings"),
    "two rows of headings": (b"date,pledge\ndate,pledge\n2/3/2026,p\n", "Rows 1 and 2 both"),
    "a heading twice": (b"date,pledge,date\n2/3/2026,p,\n", "“date” stands there twice, the second time in C"),
    "a quotation mark not closed": (b'date,pledge\n2/3/2026,"p\n', "not closed"),
    "a cell of megabytes": (b"date,pledge\n2/3/2026," + b"a" * 4_000_000, "a cell is too long"),
    "a million commas": (b"date,pledge\n" + b"," * 1_000_000 + b"a", "more than 100 columns"),
    "too many rows": (b"date,pledge\n" + b",p\n" * 5_100, "more than 5,000 rows"),
    "text beyond row 20,000": (b"date,pledge\n" + b",\n" * 20_001 + b"2/3/2026,p\n", "below row 20,000"),
    "NUL bytes in text": (b"date,pledge\n2/3/2026,\0p\n", "cannot read the letters"),
    "half a character of 16 bits": ("date\tpledge\n".encode("utf-16") + b"\xd8", "cannot read the letters"),
    "PDF": (b"%PDF-1.7\n...", "This is no table"),
    "RTF": (b"{\\rtf1 date, pledge}", "This is no table"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0", "This is no table"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "old Excel (.xls), or one locked"),
    "web page": (b"<html><table><tr><td>date</table>", "This is a web page"),
    "web page with a mark": (b"\xef\xbb\xbf\n<!DOCTYPE html>", "This is a web page"),
    "OpenDocument": (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "no .xlsx workbook"),
    "text document": (zipped(**{"word/document.xml": "<w/>"}), "no .xlsx workbook"),
    "workbook cut short": (SHEET[: len(SHEET) // 2], "cut short or damaged"),
    "start of a workbook": (b"PK\x03\x04", "cut short or damaged"),
    "workbook that is no XML": (repacked(SHEET, **{BOOK: b"nothing"}), "cut short or damaged"),
    "sheet that is no XML": (repacked(SHEET, **{ONE: b"<worksheet><sheetData><row"}), "cut short or damaged"),
    "macros": (repacked(SHEET, xl__vbaProject_dot_bin=b"x"), "programs (macros)"),
    "bomb": (repacked(SHEET, xl__media__a_dot_bin=b"\0" * 30_000_000), "unpacks to far more"),
    "many small bombs": (repacked(SHEET, **{f"x__{n}": b"" for n in range(250)}), "unpacks to far more"),
    "entities": (
        repacked(SHEET, **{BOOK: b'<!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>'}), "cut short or damaged"
    ),
    "a row far below": (
        repacked(SHEET, **{ONE: b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                                b'<sheetData><row r="999999999"><c r="A999999999"><v>1</v></c></row></sheetData>'
                                b"</worksheet>"}),
        "below row 20,000",
    ),
}  # fmt: skip
