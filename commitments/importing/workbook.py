"""The rows of an XLSX workbook, looked at as a package before it is opened, and read one after the other."""

import io
import logging
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from commitments.importing.bounds import MAX_COLUMNS, MAX_HEIGHT, MAX_PARTS, MAX_RATIO, MAX_UNPACKED, MEGABYTE
from commitments.importing.headings import LISTS_SHEETS
from meetings.text import listed

RawRow = tuple[int, list[tuple[Any, str]]]  # the row's number, and each cell's value with a refusal, if any

logger = logging.getLogger(__name__)


class NotAWorkbook(Exception):
    """The bytes are no workbook that is read here; the text is a sentence for who sent them."""


def rows(content: bytes, notices: list[str]) -> Iterator[RawRow]:
    """The rows of the first visible sheet, a template's lists aside.

    Raises NotAWorkbook, at once or when the file breaks off later.
    """
    _look_into(content, notices)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = [each for each in book.worksheets if each.title not in LISTS_SHEETS.values()]
        visible = [each for each in sheets if each.sheet_state == "visible"]
    except Exception as error:  # openpyxl fails in as many ways as a package can be broken
        raise _damaged(error) from error
    if not visible:
        raise NotAWorkbook(_("The workbook has no sheet that is shown."))
    others = [_("“%(words)s”") % {"words": each.title} for each in sheets if each is not visible[0]]
    if others:
        sentence = _("Only the sheet “%(sheet)s” was read, not these: %(others)s")
        notices.append(sentence % {"sheet": visible[0].title, "others": listed(others)})
    return _rows(visible[0])


def _rows(sheet: Any) -> Iterator[RawRow]:
    try:
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_row=MAX_HEIGHT + 1, max_col=MAX_COLUMNS + 1), start=1):
            yield number, [_value(each) for each in cells]
    except Exception as error:  # as above
        raise _damaged(error) from error


def _damaged(error: Exception) -> NotAWorkbook:
    logger.info("A workbook was refused: %s", type(error).__name__)
    return NotAWorkbook(
        _("The workbook is cut short or damaged. Open it in your spreadsheet program and save it anew.")
    )


def _value(cell: Any) -> tuple[Any, str]:
    """A formula is neither worked out, nor is the result believed that was stored beside it."""
    if cell.data_type == "f":
        return None, _("The cell holds a formula. Copy the column and paste its values only.")
    if cell.data_type == "e":
        return None, _("The cell holds an error of the spreadsheet: %(error)s.") % {"error": str(cell.value)[:20]}
    return cell.value, ""


def _look_into(content: bytes, notices: list[str]) -> None:
    """Refuse by the list of its parts what is no workbook, holds programs, or would unpack to too much."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        parts = package.infolist()
    except Exception as error:  # zipfile's own errors are as many
        raise _damaged(error) from error
    names = {each.filename.lower() for each in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise NotAWorkbook(_("The workbook holds programs (macros). Save it as .xlsx, without them."))
    if "xl/workbook.xml" not in names:
        raise NotAWorkbook(_("This is no .xlsx workbook, whatever its name. Save the table as .xlsx or .csv."))
    is_bomb = any(each.file_size > MEGABYTE and each.file_size > MAX_RATIO * each.compress_size for each in parts)
    if is_bomb or len(parts) > MAX_PARTS or sum(each.file_size for each in parts) > MAX_UNPACKED:
        raise NotAWorkbook(
            _("The workbook unpacks to far more than a table of meetings. Copy the table alone into a new one.")
        )
    if any(each.flag_bits & 1 for each in parts):
        raise NotAWorkbook(_("The workbook is locked with a password. Save it without one."))
    _notice_merged(package, notices)


def _notice_merged(package: zipfile.ZipFile, notices: list[str]) -> None:
    try:
        for name in package.namelist():
            if name.startswith("xl/worksheets/") and _holds(package, name, b"<mergeCell "):
                notices.append(_("Some cells are merged: what they hold is read in the first row of each only."))
                return
    except Exception as error:  # as above
        raise _damaged(error) from error


def _holds(package: zipfile.ZipFile, name: str, wanted: bytes) -> bool:
    tail = b""
    with package.open(name) as part:
        while chunk := part.read(65_536):
            if wanted in tail + chunk:
                return True
            tail = chunk[-len(wanted) :]
    return False
