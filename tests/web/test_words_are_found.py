"""What is marked for translation is found by the script that collects it."""

import ast
from pathlib import Path

import convoca

MARKS = {"_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "ngettext_lazy"}
SOURCES = sorted(Path(convoca.__file__).parent.rglob("*.py"))


def marked_in_f_strings(source: str) -> list[int]:
    """The lines of such marks: before Python 3.12 the tokens of an f-string are one string."""
    return [
        call.lineno
        for whole in ast.walk(ast.parse(source))
        if isinstance(whole, ast.JoinedStr)
        for call in ast.walk(whole)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MARKS
    ]


def test_no_mark_stands_within_an_f_string():
    assert marked_in_f_strings("f'<p>{_(\"Words\")}</p>'") == [1]
    found = {str(path): marked_in_f_strings(path.read_text()) for path in SOURCES}
    assert {path: lines for path, lines in found.items() if lines} == {}
