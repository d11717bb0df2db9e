"""Static files, as `collectstatic` left them: hashed names for ever, each packed beforehand."""

import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=60"
"""For names that do not name their content, such as the sheet of pages for when all is broken."""
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class File:
    """One file in one form."""

    path: Path
    headers: tuple[tuple[str, str], ...]
    etag: str
    size: int

    def answer(self, protocol: Any, method: str, conditions: str) -> None:
        """Send it, or say that the browser has it."""
        headers = list(self.headers)
        if self.etag in conditions:
            protocol.response_empty(304, headers)
        elif method == "HEAD":
            protocol.response_empty(200, [*headers, ("content-length", str(self.size))])
        else:
            protocol.response_file(200, headers, str(self.path))


class Files:
    """All files under the folder of static files, found by the path of a request."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[tuple[str, str], File] = {}
        self._hashed: frozenset[str] = frozenset()
        self._listed_at = 0.0

    def find(self, path: str, accepted: str) -> File | None:
        """The file in the smallest form that is accepted; None where there is none."""
        self._look_again()
        wanted = accepted.lower()
        for encoding in ("br", "gzip", ""):
            if encoding in wanted and (path, encoding) in self._known:
                return self._known[path, encoding]
        return None

    def _look_again(self) -> None:
        """List the files anew when they were collected anew."""
        manifest = self._root / "staticfiles.json"
        try:
            changed_at = manifest.stat().st_mtime
        except OSError:
            return
        if changed_at == self._listed_at:
            return
        self._listed_at = changed_at
        named = json.loads(manifest.read_text(encoding="utf-8"))["paths"].values()
        self._hashed = frozenset(f"/static/{name}" for name in named)
        self._known = {}
        for file in self._root.rglob("*"):
            if file.is_file() and not file.name.startswith("."):
                self._add(file)

    def _add(self, file: Path) -> None:
        encoding = {".gz": "gzip", ".br": "br"}.get(file.suffix, "")
        plain = file.with_suffix("") if encoding else file
        path = f"/static/{plain.relative_to(self._root).as_posix()}"
        facts = file.stat()
        etag = f'"{facts.st_size:x}-{int(facts.st_mtime):x}"'
        kind = _TYPES.get(plain.suffix) or mimetypes.guess_type(plain.name)[0]
        headers = [
            ("content-type", kind or "application/octet-stream"),
            ("cache-control", FOR_EVER if path in self._hashed else FOR_A_MINUTE),
            ("etag", etag),
            ("vary", "Accept-Encoding"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "same-origin"),
        ]
        if encoding:
            headers.append(("content-encoding", encoding))
        self._known[path, encoding] = File(file, tuple(headers), etag, facts.st_size)
