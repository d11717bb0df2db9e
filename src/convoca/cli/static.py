"""Static files: hashed, compressed copies under CONVOCA_HOME, made anew only when they changed."""

import hashlib
from pathlib import Path


def collect(root: Path) -> bool:
    """Bring the collected files up to date; False when they already were."""
    from django.core.management import call_command  # noqa: PLC0415  slow

    digest = source_digest()
    mark = root / ".digest"
    if mark.exists() and mark.read_text(encoding="ascii").strip() == digest:
        return False
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.write_text(digest, encoding="ascii")
    return True


def source_digest() -> str:
    """SHA-256 over the names and bytes of every static file that the code brings."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415  slow

    total = hashlib.sha256()
    found = sorted(
        (path, storage.path(path)) for finder in get_finders() for path, storage in finder.list([])
    )
    for name, path in found:
        total.update(name.encode() + b"\0" + hashlib.sha256(Path(path).read_bytes()).digest())
    return total.hexdigest()
