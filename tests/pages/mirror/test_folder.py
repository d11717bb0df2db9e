"""Writing stays inside the folder, and a file is whole or as it was."""

import pytest

from convoca.core.errors import Refusal
from convoca.pages.mirror.folder import PART, Folder


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path / "copy")
    made.make()
    return made


def test_a_file_is_written_for_everyone_to_read(folder):
    stamp = folder.write("es/actions/index.html", b"words")

    path = folder.root / "es/actions/index.html"
    assert path.read_bytes() == b"words"
    assert path.stat().st_mode & 0o777 == 0o644
    assert path.parent.stat().st_mode & 0o777 == 0o755
    assert folder.stamp("es/actions/index.html") == stamp == (5, path.stat().st_mtime_ns)


def test_what_is_removed_leaves_no_empty_folders(folder):
    folder.write("es/a/b/index.html", b"x")
    folder.write("es/index.html", b"x")
    folder.remove("es/a/b/index.html")
    folder.remove("es/a/b/index.html")

    assert [path.name for path in folder.root.rglob("*")] == ["es", "index.html"]


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "a//b", "", "a/\0", "."])
def test_a_path_that_leads_out_is_refused(folder, path):
    with pytest.raises((Refusal, ValueError)):
        folder.write(path, b"x")


def test_no_link_is_followed_out_of_the_folder(folder, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.html").write_text("theirs")
    (folder.root / "es").symlink_to(outside)
    (folder.root / "fr.html").symlink_to(outside / "index.html")

    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        folder.write("es/index.html", b"ours")
    folder.remove("es/index.html")
    folder.write("fr.html", b"ours")

    assert (outside / "index.html").read_text() == "theirs"
    assert folder.stamp("es/index.html") is not None  # a look may follow, writing may not
    assert folder.sha256("es/index.html") == b""
    assert not (folder.root / "fr.html").is_symlink()


def test_what_a_killed_run_left_of_a_file_is_replaced(folder):
    (folder.root / f"x.ics{PART}").write_text("half")
    folder.write("x.ics", b"whole")

    assert [path.name for path in folder.root.iterdir()] == ["x.ics"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "copy").write_text("x")
    with pytest.raises(Refusal, match="name a folder"):
        Folder(tmp_path / "copy").make()
