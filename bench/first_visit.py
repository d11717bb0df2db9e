"""Bytes of a first visit: a page of the sample network with all it loads, compressed."""

import gzip
import logging
import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

STYLED = re.compile(r"""url\(["']?([^"')]+)""")


def main() -> None:
    """Print the compressed bytes of the home page and a campaign, without photos and the map."""
    home = tempfile.mkdtemp(prefix="convoca-bench-")
    os.environ.update(CONVOCA_HOME=home, CONVOCA_DEMO="1", CONVOCA_SECRET_KEY="b" * 60)
    os.environ["DJANGO_SETTINGS_MODULE"] = "convoca.web.settings"
    import django  # noqa: PLC0415  slow
    from django.core.management import call_command  # noqa: PLC0415  slow

    django.setup()
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from django.conf import settings  # noqa: PLC0415  slow
    from django.test import Client  # noqa: PLC0415  slow

    from convoca.web import sample  # noqa: PLC0415  slow

    sample.load(today=datetime.now(UTC).date())
    client = Client(headers={"host": "localhost"})
    for path in ("/en/", "/ar/"):
        page = client.get(path).content
        found = {path: len(gzip.compress(page, 6))}
        rels = re.findall(rb"<link\b[^>]*>", page)
        hrefs = [
            h.decode()
            for tag in rels
            if b'rel="stylesheet"' in tag or b'rel="icon"' in tag or b'rel="preload"' in tag
            for h in re.findall(rb'href="([^"]+)"', tag)
        ]
        hrefs += [s.decode() for s in re.findall(rb'<script[^>]+src="([^"]+)"', page)]
        for href in hrefs:
            found[href] = _size(client, settings.STATIC_ROOT, href)
            if href.endswith(".css"):
                text = _bytes(client, settings.STATIC_ROOT, href).decode()
                needed = "arab" if path == "/ar/" else "latin"
                for font in STYLED.findall(text):
                    if "woff2" in font and needed in font:
                        target = urljoin(href, font)
                        found[target] = len(_bytes(client, settings.STATIC_ROOT, target))
        print(f"{path} first visit: {sum(found.values()) / 1000:.1f} kB (at most 60)")
        for name, size in sorted(found.items(), key=lambda row: -row[1]):
            print(f"    {size / 1000:6.1f} kB  {name}")
        later = ["/service-worker.js", f"{path}offline/"]
        sizes = [len(gzip.compress(_bytes(client, settings.STATIC_ROOT, one), 6)) for one in later]
        print(f"    and {sum(sizes) / 1000:.1f} kB when all is shown, to read without a net")


def _bytes(client: object, root: Path, href: str) -> bytes:
    if href.startswith("/static/"):
        return (root / href.removeprefix("/static/")).read_bytes()
    return client.get(href).content  # type: ignore[attr-defined]


def _size(client: object, root: Path, href: str) -> int:
    return len(gzip.compress(_bytes(client, root, href), 6))
