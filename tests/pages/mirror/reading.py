"""Reads a page of a copy as a browser does."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """What a browser would load or follow from a page, and what it would send."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.forms += tag in {"form", "input", "textarea"}
        for name, value in attrs:
            if name in {"href", "src", "poster", "action", "data", "formaction"} and value:
                self.links.append(value)
            if name == "srcset":
                self.links += [one.split()[0] for one in value.split(",")]


def pages_of(files):
    return {path: Page(body.decode()) for path, body in files.items() if path.endswith(".html")}
