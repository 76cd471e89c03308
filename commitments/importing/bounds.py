"""How large a table may be that somebody uploads."""

MEGABYTE = 1024 * 1024
MAX_BYTES = 5 * MEGABYTE
MAX_UNPACKED = 40 * MEGABYTE  # of all parts of a workbook together
MAX_RATIO = 200  # of one part: a sheet of real rows packs to a tenth or a thirtieth
MAX_PARTS = 200
MAX_ROWS = 5_000  # that hold something
MAX_HEIGHT = 20_000  # with the empty ones between them
MAX_COLUMNS = 100
MAX_CELL = 10_000  # characters, as a text of the record may have
MAX_READ = 300  # characters of a pledge in which words for its kind are looked for
MAX_FAULTS = 200  # that are shown; all are counted
MAX_SHOWN = 100  # meetings listed in a preview
MAX_PLEDGES_SHOWN = 20  # of each of them
