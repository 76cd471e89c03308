"""What people choose who mean a photo or a PDF, and how they get one: told by its first bytes, or else by its name."""

OFFICE_NAMES = (".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp", ".pages")
HEIC_NAMES = (".heic", ".heif")
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
OLE, ZIP, RTF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"{\\rtf"
# How the archives begin in which office programs of today write: Microsoft's by its table of contents, others by type.
ARCHIVED = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument")


def is_office(content: bytes, name: str) -> bool:
    """Whether it is a document of an office program (Word, LibreOffice …)."""
    start = content[:200]
    is_archived = start.startswith(ZIP) and any(each in start for each in ARCHIVED)
    return start.startswith((OLE, RTF)) or is_archived or name.lower().endswith(OFFICE_NAMES)


def is_heic(content: bytes, name: str) -> bool:
    """Whether it is a photo as iPhones store it, which browsers do not show."""
    return (content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS) or name.lower().endswith(HEIC_NAMES)
