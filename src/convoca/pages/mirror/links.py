"""Where the links of a page lead in a copy: to a file of the copy, else to the site itself."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urljoin, urlsplit

from django.utils import translation
from django.utils.translation import gettext as _

from convoca.pages.mirror import markup
from convoca.pages.mirror.names import file_of

Place = Callable[[str, str], str]
"""Path and query of an address → the address under which a copy has it; empty where it has not."""


@dataclass(frozen=True)
class Wish:
    """What a copy is to be."""

    origin: str
    """`https://name.example`, the site that is copied."""
    base: str = ""
    """Where the copy will stand, with `/` at its end; empty where nobody knows."""
    alternatives: tuple[str, ...] = ()
    """Other addresses of the site, to take part there."""
    mail: str = ""
    """To take part by mail."""
    papers: bool = False
    """Whether it holds posters, cards and pictures for sharing too."""


@dataclass
class Links:
    """The links of one page: `lead` says where one leads, and notes what the page leads to."""

    wish: Wish
    place: Place
    at: str
    """The page's own address: path and query."""
    dead: Collection[str] = ()
    """Addresses that a copy would have and the site has not."""
    found: dict[str, None] = field(default_factory=dict)

    def lead(self, written: str, kind: markup.Kind) -> str:
        """Relative where the copy has it, so that the copy may stand anywhere and be moved."""
        url = self._ours(written)
        if url is None:
            return written
        path, query, fragment = url
        end = f"#{fragment}" if fragment else ""
        if kind == "name" or (kind == "picture" and not self.wish.base):
            return self._at_origin(path, query) + end
        address = self.place(path, query)
        if not address or not self._is_there(address):
            return self._at_origin(path, query) + end
        file = file_of(*address.partition("?")[::2])
        if kind == "picture":
            return self.wish.base + file
        if address == self.at:
            return end or file.rpartition("/")[2]
        return self._up + file + end

    def lead_on(self, written: str) -> str:
        """For files that are read elsewhere, such as feeds: the whole address, with a base."""
        return self.lead(written, "picture") if self.wish.base else written

    @property
    def _up(self) -> str:
        return "../" * file_of(*self.at.partition("?")[::2]).count("/")

    def _ours(self, written: str) -> tuple[str, str, str] | None:
        """Path, query and fragment; None for what leads away, or nowhere else."""
        words = written.strip()
        if not words or words.startswith("#"):
            return None
        try:
            url = urlsplit(urljoin(self.wish.origin + self.at, words))
        except ValueError:
            return None
        if f"{url.scheme}://{url.netloc}" != self.wish.origin:
            return None
        return url.path or "/", url.query, url.fragment

    def _at_origin(self, path: str, query: str) -> str:
        return f"{self.wish.origin}{path}{'?' if query else ''}{query}"

    def _is_there(self, address: str) -> bool:
        self.found[address] = None
        return address not in self.dead


def copied(text: str, links: Links) -> str:
    """A page's HTML as the copy has it."""
    path = links.at.partition("?")[0]
    with translation.override(path.split("/")[1] or None):
        words = {
            "name": escape(urlsplit(links.wish.origin).netloc),
            "ways": _ways(links.wish, path),
        }
        notice = _("This is a copy of %(name)s. To take part: %(ways)s") % words

        def instead(method: str, address: str) -> str:
            if method == "post":
                said = _("To take part: %(ways)s") % words  # in an f-string it would not be found
            else:
                url = links._ours(address or path)
                ways = _ways(links.wish, url[0] if url else path, with_mail=False)
                said = _("To search: %(ways)s") % {"ways": ways}
            return f'<p class="note">{said}</p>'

        return markup.rewritten(
            text, lead=links.lead, instead=instead, notice=f'<p class="band">{notice}</p>\n'
        )


def _ways(wish: Wish, path: str, *, with_mail: bool = True) -> str:
    """Links to the same page of the site and of its other addresses, and a mail."""
    sites = [wish.origin, *wish.alternatives]
    found = [
        f'<a href="{escape(site + path)}"><bdi dir="ltr">{escape(urlsplit(site).netloc)}</bdi></a>'
        for site in sites
    ]
    if wish.mail and with_mail:
        by_mail = _("By mail")
        found.append(f'<a href="mailto:{escape(wish.mail)}">{by_mail}</a>')
    return " · ".join(found)
