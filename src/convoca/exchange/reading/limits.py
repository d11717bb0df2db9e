"""How much of a file is read. What lies beyond is refused or left away, and said so."""

CELL = 100_000
"""Characters of one cell."""
RECORD = 16 * 1024 * 1024
"""Characters between two quotation marks, before the first is taken for a lone one."""
LINE = 12 * 1024 * 1024
"""Characters of one line."""
COLUMNS = 500
ROWS = 1_000_000
ENTRIES = 100_000
"""Rows of what must be held whole: JSON, and calendars with all their repetitions."""
DOCUMENT = 64 * 1024 * 1024
"""Bytes of a file that must be held whole (JSON, calendars)."""
UNPACKED = 2 * 1024 * 1024 * 1024
"""Bytes of a packed table."""
DEPTH = 8
"""How deep in a JSON list the values of a row are looked for."""
INSTANCES = 366
YEARS = 2
DAYS_IN_CELL = 100
FIRST_YEAR = 1800
YEARS_AHEAD = 10
MOST_PEOPLE = 100_000_000
LONGEST_DAYS = 1_000
"""Days from the first to the last of one action."""
