"""Markdown, as members may write it: split into paragraphs, drawn as safe HTML, read as words.

Raw HTML is off in the parser, pictures are not drawn (nothing is fetched from elsewhere), and what
comes out passes an allow-list once more.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from convoca.core.fold import composed

_parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block"])
_blocks = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["html_block"])
_blocks.disable("inline")
_TAGS = set(
    "p h2 h3 h4 h5 h6 ul ol li blockquote strong em a br hr code pre "  # noqa: SIM905
    "table thead tbody tr th td span".split()
)
_ATTRIBUTES = {"*": {"dir", "lang"}, "a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_LABELLED = re.compile(r"(?<!\\)\[([^\[\]]+)\]\[([^\[\]]*)\]")
_SHORT = re.compile(r"(?<![\\\]])\[([^\[\]]+)\](?![\[(:])")
_MAY_HIDE = re.compile(r"[\[<&`~]")
"""Signs behind which letters stand that no reader sees: addresses, entities, kinds of code."""
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def tidy(markdown: str) -> str:
    """One kind of line end, no blanks at the ends of lines but a hard break, composed letters."""
    text = composed(markdown).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(map(_tidy_end, text.split("\n"))).strip("\n")


def _tidy_end(line: str) -> str:
    bare = line.rstrip(" \t")
    return line if line == f"{bare}  " else bare


def invisible(markdown: str) -> str:
    """The first character that no text may hold (NUL and its kin), or an empty string."""
    found = _INVISIBLE.search(markdown)
    return f"U+{ord(found.group()):04X}" if found else ""


def split(markdown: str) -> list[str]:
    """The paragraphs of a text, block by block: a heading, a list, a quote, a table is one.

    Link references (`[a]: …`) are written into the links that use them, so that each paragraph
    stands by itself.
    """
    text = tidy(markdown)
    lines = text.split("\n")
    environment: dict[str, dict[str, dict[str, str]]] = {}
    tokens = _blocks.parse(text, environment)
    references = environment.get("references", {})
    found = []
    for token in tokens:
        if token.level == 0 and token.map and token.nesting >= 0:
            body = "\n".join(lines[token.map[0] : token.map[1]]).rstrip().strip("\n")
            if body:
                found.append(_with_links(body, references) if references else body)
    return found


def _with_links(body: str, references: dict[str, dict[str, str]]) -> str:
    def inline(words: str, label: str, whole: str) -> str:
        known = references.get(" ".join(label.split()).lower().upper())
        if known is None:
            return whole
        title = f' "{known["title"]}"' if known.get("title") else ""
        return f"[{words}]({known['href']}{title})"

    body = _LABELLED.sub(lambda m: inline(m[1], m[2] or m[1], m[0]), body)
    return _SHORT.sub(lambda m: inline(m[1], m[1], m[0]), body)


def top_heading(paragraphs: Iterable[str]) -> int:
    """The level of the highest heading in a text: 1 for `#`, and where there is none."""
    levels = [
        int(token.tag[1])
        for body in paragraphs
        if "#" in body or "==" in body or "--" in body
        for token in _blocks.parse(body)
        if token.type == "heading_open"
    ]
    return min(levels, default=1)


@lru_cache(maxsize=2048)
def render(markdown: str, *, deeper: int = 1) -> SafeString:
    """Safe HTML of one paragraph or of a whole text; headings stand `deeper` than written: one
    level, under the title, where a text begins with `#`."""
    tokens = _parser.parse(markdown)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(2, min(6, int(token.tag[1]) + deeper))}"
        _drop_styles(token)
    drawn = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(  # noqa: S308  what comes out of the allow-list
        nh3.clean(
            drawn,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES,
            link_rel="nofollow noopener ugc",
        )
    )


def _drop_styles(token: Token) -> None:
    token.attrs.pop("style", None)  # alignment of table cells; the policy allows no inline style


def plain(markdown: str) -> str:
    """The words alone, on one line: for excerpts, mails and descriptions."""
    bare = re.sub(r"<(?:br|/p|/h\d|/li|/td|/th)[^>]*>", " ", render(markdown))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", bare)).split())


def links(markdown: str) -> list[str]:
    """The addresses that the text links to, each once, in order."""
    found = []
    for token in _parser.parse(markdown):
        for child in token.children or []:
            href = child.attrs.get("href") if child.type == "link_open" else None
            if href and href not in found:
                found.append(str(href))
    return found


def has_words(markdown: str) -> bool:
    """Whether there is anything to translate: a line, a number or an emblem has no words."""
    if not _MAY_HIDE.search(markdown):  # quick: it is asked of every paragraph at every save
        return _has_letters(markdown)
    return _has_letters(markdown) and _has_letters(plain(markdown))


def _has_letters(words: str) -> bool:
    return any(unicodedata.category(letter)[0] == "L" for letter in words)
