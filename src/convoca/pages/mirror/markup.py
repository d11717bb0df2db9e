"""A page's HTML for a copy: links lead elsewhere, forms are gone, a line says what it is.

Whatever is no link and no form stays as it was written, to the byte.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Literal

Kind = Literal["link", "name", "picture"]
"""What leads on; what says which page this is, on whatever server; a picture for other sites."""
Lead = Callable[[str, Kind], str]
Instead = Callable[[str, str], str]

_TAG = re.compile(
    r"""<!--.*?-->|<(/?)([a-zA-Z][^\s/>"']*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""", re.DOTALL
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")
_ONE = {"href", "src", "poster", "data", "cite", "xlink:href", "formaction"}
_MANY = {"srcset", "imagesrcset"}
_DROPPED = {"data-worker"}
"""A service worker answers for a whole host, which is not the copy's own."""
_LEADS = re.compile(rf"\b(?:{'|'.join([*_ONE, *_MANY, *_DROPPED, 'content'])})\s*=", re.IGNORECASE)
_PICTURES = {"og:image", "og:image:url", "og:image:secure_url", "twitter:image"}
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title")
}
_END_OF_FORM = re.compile(r"</form\s*>", re.IGNORECASE)
_HIDDEN = re.compile(r"\shidden(?=[\s=/]|$)", re.IGNORECASE)


def rewritten(text: str, *, lead: Lead, instead: Instead, notice: str) -> str:
    """The page with `lead(address, kind)` in the place of each address, `instead(method, address)`
    in the place of each form that readers see, and `notice` above its head.
    """
    out: list[str] = []
    done = at = 0

    def put(start: int, end: int, words: str) -> None:
        nonlocal done
        out.extend((text[done:start], words))
        done = end

    while found := _TAG.search(text, at):
        is_end, name, inside = found.groups()
        start, at = found.span()
        if name is None or is_end:
            continue
        name = name.lower()
        if notice and name in {"header", "main"}:
            put(start, start, notice)
            notice = ""
        if name == "form":
            end = _END_OF_FORM.search(text, at)
            at = end.end() if end else len(text)
            put(start, at, _in_its_place(inside, instead))
            continue
        if _LEADS.search(inside) and (led := _led(name, inside, lead)) != inside:
            put(found.start(3), found.end(3), led)
        if name in _RAW:
            end = _RAW[name].search(text, at)
            at = end.start() if end else len(text)
    out.append(text[done:])
    return "".join(out)


def attributes(inside: str) -> dict[str, str]:
    """The attributes of a tag; of two with one name the first counts, as in browsers."""
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(inside):
        found.setdefault(one[1].lower(), _value(one))
    return found


def _value(found: re.Match[str]) -> str:
    return unescape(found[2] or found[3] or found[4] or "")


def _in_its_place(inside: str, instead: Instead) -> str:
    asked = attributes(inside)
    if _HIDDEN.search(inside):
        return ""
    return instead(asked.get("method", "get").lower(), asked.get("action", ""))


def _led(name: str, inside: str, lead: Lead) -> str:
    asked = attributes(inside)
    kind = _kind(name, asked)

    def fresh(found: re.Match[str]) -> str:
        attribute, value = found[1].lower(), _value(found)
        if attribute in _DROPPED:
            return ""
        new = value
        if attribute in _ONE:
            new = lead(value, kind)
        elif attribute in _MANY:
            new = ", ".join(_of_set(one, lead) for one in value.split(","))
        elif attribute == "content" and name == "meta" and kind == "picture":
            new = lead(value, kind)
        return found[0] if new == value else f'{found[1]}="{escape(new)}"'

    return _ATTRIBUTE.sub(fresh, inside)


def _kind(name: str, asked: dict[str, str]) -> Kind:
    rel = asked.get("rel", "").lower().split()
    if name == "link" and ("canonical" in rel or ("alternate" in rel and "hreflang" in asked)):
        return "name"
    if name == "meta" and (asked.get("property") or asked.get("name", "")) in _PICTURES:
        return "picture"
    return "link"


def _of_set(written: str, lead: Lead) -> str:
    """One picture of a `srcset`: its address, then how wide it is."""
    address, blank, size = written.strip().partition(" ")
    return f"{lead(address, 'link')}{blank}{size}"


_IN_SHEET = re.compile(r"""(url\(\s*["']?|@import\s+["'])([^"')]+)""")


def sheet(text: str, *, lead: Lead) -> str:
    """A style sheet with its addresses led elsewhere."""
    return _IN_SHEET.sub(lambda found: f"{found[1]}{lead(found[2].strip(), 'link')}", text)
