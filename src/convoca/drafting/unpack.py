"""Takes the words out of one document, in a process of its own with little memory and little time.

Run as a program (`unpack.py NAME`, the document on its standard input): it imports nothing of ours
and prints JSON, `{"text": …, "notes": […]}` or `{"refused": code}`. What would crash or exhaust a
parser ends this process and harms nobody. Nothing in a document is run, fetched or followed.
"""

import contextlib
import html
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

MOST_MEMORY = 700 * 1024 * 1024
MOST_SECONDS = 10
MOST_XML = 40 * 1024 * 1024
MOST_PAGES = 300
MOST_TEXT = 1_000_000
"""Characters handed on; what may be kept is less, and said by who keeps it."""
SCAN = 20
"""Fewer letters on a page than these, on average, are no text."""


class No(Exception):
    """The document is refused; the argument is the reason's code."""


def limit() -> None:
    """Take away what taking out words never needs."""
    wanted = {
        resource.RLIMIT_AS: MOST_MEMORY,
        resource.RLIMIT_CPU: MOST_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in wanted.items():
        already = resource.getrlimit(which)[1]
        if already != resource.RLIM_INFINITY:
            most = min(most, already)
        with contextlib.suppress(ValueError, OSError):  # a system that knows no such limit
            resource.setrlimit(which, (most, most))


def words_of(name: str, content: bytes) -> tuple[str, list[str]]:
    """The text of a document, and what its reader should know. What it is, its content says."""
    ending = name.lower().rpartition(".")[2]
    if not content.strip(b"\0 \t\r\n"):
        raise No("empty")
    if b"%PDF-" in content[:1024]:
        return _pdf(content), []
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if content.startswith(b"\xd0\xcf\x11\xe0") or content.startswith(b"{\\rtf"):
        raise No("old-format")
    if ending in {"pdf", "docx", "odt"}:
        raise No("mislabelled")
    text = _decoded(content)
    head = text[:1000].lstrip().lower()
    if ending in {"html", "htm", "xhtml"} or head.startswith(("<!doctype html", "<html")):
        return _bare(text), []
    return text, []


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode(_said_of(content) or "cp1252", errors="replace")
    odd = sum(sign == "\ufffd" or (sign < " " and sign not in "\n\r\t\f") for sign in text[:20_000])
    if "\0" in text or odd > 0.02 * min(len(text), 20_000):
        raise No("binary")
    return text


def _said_of(content: bytes) -> str:
    """The encoding that a page says it has, where Python knows it."""
    said = re.search(rb"charset=[\"']?([\w.:-]{2,40})", content[:2048], re.IGNORECASE)
    if said is None:
        return ""
    try:
        name = said[1].decode()
        "x".encode(name)
    except (LookupError, UnicodeError):
        return ""
    return name


def _bare(page: str) -> str:
    """The words of a page, with its headings, lists and paragraphs as Markdown has them."""
    import nh3  # noqa: PLC0415  slow: only after the limits stand

    kept = {"p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "blockquote"}
    gone = {"script", "style", "template", "title", "head", "noscript", "svg", "select", "button"}
    clean = nh3.clean(page, tags=kept, clean_content_tags=gone, attributes={}, link_rel=None)
    one_line = re.sub(r"\s+", " ", clean)
    marked = re.sub(r"<br ?/?>", "\n", one_line)
    marked = re.sub(r"<li>", "\n- ", marked)
    marked = re.sub(r"<h([1-6])>", lambda found: "\n\n" + "#" * int(found[1]) + " ", marked)
    marked = re.sub(r"</li>", "", marked)
    marked = re.sub(r"</?(?:p|div|h[1-6]|tr|blockquote)>", "\n\n", marked)
    return _tidy(html.unescape(re.sub(r"<[^>]*>", "", marked)))


def _tidy(text: str) -> str:
    lines = [line.strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


# --- documents that are archives -----------------------------------------------------------


def _packed(content: bytes) -> tuple[str, list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                notes = ["macros"] if any(n.endswith("vbaProject.bin") for n in names) else []
                return _of_xml(_part(archive, "word/document.xml"), _Word()), notes
            if "content.xml" in names and "mimetype" in names:
                notes = (
                    ["macros"] if any(n.startswith(("Basic/", "Scripts/")) for n in names) else []
                )
                return _of_xml(_part(archive, "content.xml"), _OpenText()), notes
    except (No, MemoryError):
        raise
    except (NotImplementedError, RecursionError) as error:  # a packing that zipfile does not know
        raise No("broken") from error
    except RuntimeError as error:  # what zipfile raises for a password
        raise No("locked") from error
    except Exception as error:
        raise No("broken") from error
    raise No("unknown")


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One member, unpacked no further than it may be."""
    with archive.open(name) as part:
        content = part.read(MOST_XML + 1)
    if len(content) > MOST_XML:
        raise No("bomb")
    return content


class _Grammar:
    """What the elements of one format mean for its text."""

    paragraphs: frozenset[str]
    skipped: frozenset[str]
    shown: frozenset[str]

    def __init__(self) -> None:
        self.mark = ""

    def begins(self, name: str, facts: dict[str, str]) -> str:
        """What stands in the text where an element begins."""
        return ""

    def ends(self, name: str) -> None:
        """An element is over."""


class _Word(_Grammar):
    """WordprocessingML: only what stands in `w:t` is text. Deleted words are not shown."""

    paragraphs = frozenset({"w:p"})
    skipped = frozenset({"mc:Fallback", "w:del", "w:moveFrom"})
    shown = frozenset({"w:t"})

    def begins(self, name: str, facts: dict[str, str]) -> str:
        if name == "w:p":
            self.mark = ""
        elif name == "w:numPr":
            self.mark = "- "
        elif name == "w:pStyle":
            style = facts.get("w:val", "").lower()
            if found := re.fullmatch(r"(?:heading|titre|berschrift|ttulo)([1-6])", style):
                self.mark = "#" * int(found[1]) + " "
            elif style in {"title", "titel"}:
                self.mark = "# "
        return {"w:tab": " ", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}.get(name, "")


class _OpenText(_Grammar):
    """OpenDocument: all characters of paragraphs and headings are text."""

    paragraphs = frozenset({"text:p", "text:h"})
    skipped = frozenset(
        {"office:annotation", "text:tracked-changes", "text:note", "office:scripts"}
    )
    shown = frozenset({"text:p", "text:h", "text:span", "text:a", "text:s"})

    def __init__(self) -> None:
        super().__init__()
        self.lists = 0

    def begins(self, name: str, facts: dict[str, str]) -> str:
        if name == "text:list-item":
            self.lists += 1
        if name == "text:p":
            self.mark = "- " if self.lists else ""
        if name == "text:h":
            level = facts.get("text:outline-level", "1")
            self.mark = "#" * (int(level) if level in "123456" else 1) + " "
        return {"text:s": " ", "text:tab": " ", "text:line-break": "\n"}.get(name, "")

    def ends(self, name: str) -> None:
        if name == "text:list-item":
            self.lists -= 1


def _of_xml(content: bytes, grammar: _Grammar) -> str:
    """The paragraphs of an XML document. Document types and entities of its own are refused."""
    blocks: list[str] = []
    pieces: list[str] = []
    around: list[str] = []
    size = 0
    skipping = 0

    def begin(name: str, facts: dict[str, str]) -> None:
        nonlocal skipping
        around.append(name)
        skipping += name in grammar.skipped
        if skipping:
            return
        if name in grammar.paragraphs and pieces:
            flush()
        pieces.append(grammar.begins(name, facts))

    def end(name: str) -> None:
        nonlocal skipping
        around.pop()
        skipping -= name in grammar.skipped
        if not skipping:
            grammar.ends(name)
            if name in grammar.paragraphs:
                flush()

    def words(said: str) -> None:
        nonlocal size
        if not skipping and around and around[-1] in grammar.shown:
            size += len(said)
            if size > MOST_TEXT:
                raise No("too-long")
            pieces.append(said)

    def flush() -> None:
        text = "".join(pieces).strip()
        pieces.clear()
        if text:
            blocks.append(grammar.mark + text)

    def refuse(*_facts: Any) -> None:
        raise No("broken")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = words
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise No("broken") from error
    flush()
    return _joined(blocks)


def _joined(blocks: list[str]) -> str:
    """Paragraphs with an empty line between, but for those of one list."""
    found: list[str] = []
    for before, block in zip(["", *blocks], blocks, strict=False):
        is_next = before.startswith("- ") and block.startswith("- ")
        found.append(("\n" if is_next else "\n\n") + block if found else block)
    return "".join(found)


# --- PDF -----------------------------------------------------------------------------------


def _pdf(content: bytes) -> str:
    try:
        import pypdf  # noqa: PLC0415  optional: the extra `documents`
    except ImportError as error:
        raise No("needs-documents") from error
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise No("locked")
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            raise No("too-long")
        texts: list[str] = []
        for page in reader.pages:
            texts.append(page.extract_text() or "")
            if sum(map(len, texts)) > MOST_TEXT:
                raise No("too-long")
    except (No, MemoryError):
        raise
    except Exception as error:
        raise No("broken") from error
    letters = sum(map(str.isalpha, "".join(texts)))
    if not pages:
        raise No("empty")
    if letters < SCAN * pages:
        raise No("scan")
    return _tidy("\n\n".join(map(_flowing, texts)))


def _flowing(page: str) -> str:
    """Lines of one paragraph put together again: a PDF knows lines only."""
    lines = [line.strip() for line in page.split("\n")]
    broad = max(map(len, lines), default=0) * 0.75
    found = ""
    for before, line in _pairs(lines):
        if not found or not line or not before:
            found += f"\n{line}" if found else line
        elif re.search(r"[^\W\d_]-$", before) and line[:1].islower():
            found = found[:-1] + line
        elif _goes_on(before, line, broad):
            found += f" {line}"
        else:
            is_item = bool(re.match(r"(?:[-–•*▪·]|\d{1,2}[.)])\s", line))
            found += ("\n" if is_item or len(before) < broad / 2 else "\n\n") + line
    return found


def _goes_on(before: str, line: str, broad: float) -> bool:
    if re.match(r"(?:[-–•*▪·]|\d{1,2}[.)])\s", line):
        return False
    return line[:1].islower() or (len(before) >= broad and before[-1] not in ".!?:؟…")


def _pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    return zip(["", *lines], lines, strict=False)


def main(name: str, content: bytes) -> dict[str, Any]:
    """What the program prints."""
    try:
        text, notes = words_of(name, content)
    except No as no:
        return {"refused": str(no)}
    except (MemoryError, RecursionError):
        return {"refused": "bomb"}
    if len(text) > MOST_TEXT:
        return {"refused": "too-long"}
    return {"text": text, "notes": notes}


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(json.dumps(main(sys.argv[1], sys.stdin.buffer.read())).encode())
