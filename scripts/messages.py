"""Message catalogues without system gettext: `update`, `check` and `compile`.

Strings are found with Django's own template parser and Babel's Python one; catalogues are kept in
`src/convoca/web/locale`. `check` fails on a message that is new, missing, fuzzy, has the wrong
placeholders, or a plural header that is not CLDR's.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "convoca"
LOCALE = SOURCE / "web" / "locale"
LANGUAGES = ("es", "fr", "pt", "ar")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
IDLE_HEADER = re.compile(
    rb'^"(?:Project-Id-|Report-Msgid-|POT-|PO-|Last-Tr|Language-Team|Generated-By)[^\n]*\n',
    re.MULTILINE,
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<![%\w])\{(\w+)\}")


def found() -> Iterator[tuple[str, int, object, str | None, list[str]]]:
    """Every message of the code and the templates: file, line, id(s), context, comments."""
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            source = path.read_bytes()
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            lines = templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines()
            source = "\n".join(line.strip() for line in lines).encode()  # it is read as Python
        else:
            continue
        name = str(path.relative_to(ROOT))
        rows = extract("python", io.BytesIO(source), KEYWORDS, comment_tags=("Translators:",))
        for line, message, comments, context in rows:
            if message and message != ("",):
                yield name, line, message, context, comments


def template() -> Catalog:
    """The catalogue of all messages, without translations."""
    catalog = Catalog(project="Convoca", charset="utf-8", fuzzy=False)
    for name, _line, message, context, comments in found():
        catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue of a language, with CLDR's plural forms; empty where there is none yet."""
    if not po_path(language).exists():
        return Catalog(locale=language, project="Convoca", charset="utf-8", fuzzy=False)
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language)


def update() -> int:
    """Renew every catalogue: new messages in, unused ones out, translations kept."""
    fresh = template()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(fresh, no_fuzzy_matching=True, update_header_comment=False)
        catalog.obsolete.clear()
        catalog.header_comment = f"# Convoca in {language}; renewed by `make messages`."
        po_path(language).parent.mkdir(parents=True, exist_ok=True)
        text = io.BytesIO()
        write_po(text, catalog, width=99, include_lineno=False, sort_output=True)
        po_path(language).write_bytes(IDLE_HEADER.sub(b"", text.getvalue()))
        count = sum(1 for message in catalog if message.id)
        print(f"{language}: {count} messages, {len(missing(catalog))} missing")
    return 0


def strings(message: Message) -> list[str]:
    """What stands as translation, one string a plural form."""
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def placeholders(text: str) -> set[str]:
    return {a or b for a, b in PLACEHOLDER.findall(text)}


def missing(catalog: Catalog) -> list[str]:
    """A sentence for each message that is not complete."""
    faults = []
    for message in catalog:
        if not message.id:
            continue
        ids = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
        forms = strings(message)
        if not all(forms):
            faults.append(f"missing: {ids[0]!r}")
        elif message.fuzzy:
            faults.append(f"fuzzy: {ids[0]!r}")
        elif len(ids) > 1 and len(forms) != catalog.num_plurals:
            faults.append(f"{len(forms)} plural forms, not {catalog.num_plurals}: {ids[0]!r}")
        else:
            allowed = placeholders(" ".join(ids))
            needed = allowed if len(ids) == 1 else set()
            for form in forms:
                if not needed <= placeholders(form) <= allowed:
                    faults.append(f"placeholders differ: {ids[0]!r} → {form!r}")
    return faults


def check() -> int:
    """Print what is wrong with any catalogue; 1 where anything is."""
    wanted = {(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in template() if m.id}
    wrong = 0
    for language in LANGUAGES:
        catalog = read(language)
        there = {(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in catalog if m.id}
        faults = [f"not in the catalogue: {m[0]!r}" for m in sorted(wanted - there, key=str)]
        faults += [f"no longer used: {m[0]!r}" for m in sorted(there - wanted, key=str)]
        faults += missing(catalog)
        text = po_path(language).read_text(encoding="utf-8") if po_path(language).exists() else ""
        if Catalog(locale=language).plural_forms not in text.replace('"\n"', ""):
            faults.append(f"the plural header is not {Catalog(locale=language).plural_forms}")
        for fault in faults[:20]:
            print(f"{language}: {fault}")
        if len(faults) > 20:
            print(f"{language}: and {len(faults) - 20} more")
        wrong += len(faults)
    return 1 if wrong else 0


def compile_all() -> int:
    """Write the `.mo` files that Django reads."""
    for language in LANGUAGES:
        if po_path(language).exists():
            unfinished = po_path(language).with_suffix(".mo.new")
            with unfinished.open("wb") as file:
                write_mo(file, read(language))
            unfinished.replace(po_path(language).with_suffix(".mo"))  # a server may be reading it
    return 0


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    django.setup()
    verbs = {"update": update, "check": check, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit("messages.py update | check | compile")
    sys.exit(verbs[sys.argv[1]]())
