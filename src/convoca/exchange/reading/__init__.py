"""Files that networks hand in, read into rows: placed, dated, counted, or refused with a reason.

    file = open_file(path)                     # what it is, its columns; refuses what is no list
    mapping = suggest(file, places)            # column → field, which a person may change
    mapping = mapping.with_changes(["Ort=venue", "@country=DE"])
    study = study_file(file, mapping)          # what is decided once for the whole file
    for row in read_rows(file, mapping, study, places):
        ...                                    # a ReadRow, or a RefusedRow with its reasons

Nothing here writes to a database. How values are read stands in docs/develop/importing.md.
"""

from convoca.exchange.reading import limits
from convoca.exchange.reading.fields import FIELDS, Field, field_of
from convoca.exchange.reading.files import FORMATS, OpenedFile, check_beginning, open_file
from convoca.exchange.reading.mapping import Mapping, suggest
from convoca.exchange.reading.places import Places
from convoca.exchange.reading.reasons import Reason, in_words
from convoca.exchange.reading.row import ReadRow, RefusedRow, Tally
from convoca.exchange.reading.rows import read_rows
from convoca.exchange.reading.sizes import Size
from convoca.exchange.reading.study import Study, study_file, suggest_settings

__all__ = [
    "FIELDS",
    "FORMATS",
    "Field",
    "Mapping",
    "OpenedFile",
    "Places",
    "ReadRow",
    "Reason",
    "RefusedRow",
    "Size",
    "Study",
    "Tally",
    "check_beginning",
    "field_of",
    "in_words",
    "limits",
    "open_file",
    "read_rows",
    "study_file",
    "suggest",
    "suggest_settings",
]
