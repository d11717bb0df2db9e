"""Every address has a file of its own, inside the folder, on every disk."""

import pytest

from convoca.pages.mirror.names import LONGEST, file_of


@pytest.mark.parametrize(
    ("path", "query", "file"),
    [
        ("/", "", "index.html"),
        ("/es/actions/", "", "es/actions/index.html"),
        ("/es/actions/", "page=2", "es/actions/index.page-2.html"),
        ("/es/actions/", "when=past&page=2", "es/actions/index.page-2.when-past.html"),
        ("/es/actions/actions.ics", "", "es/actions/actions.ics"),
        ("/es/actions/actions.ics", "when=past", "es/actions/actions.when-past.ics"),
        ("/campaigns/0000bbbb", "", "campaigns/0000bbbb/index.html"),
        ("/static/web/convoca.9a1ebeae5399.css", "", "static/web/convoca.9a1ebeae5399.css"),
    ],
)
def test_a_plain_address_is_its_own_name(path, query, file):
    assert file_of(path, query) == file


@pytest.mark.parametrize(
    "path",
    [
        *("/../../etc/passwd", "/es/../../x/", "/es/%2e%2e/%2e%2e/x/", "/..%2f..%2fetc", "/es//x/"),
        *("/es/a%00b/", "/es/a\0b/", "/es/%E2%80%AEgnp.exe", "/es/\u202egnp/", "/es/.htaccess"),
        *(
            "/CON",
            "/con/",
            "/es/aux.html",
            "/nul.ics",
            "/es/Com1/x/",
            "/lpt9.x.y",
            "/es/x./",
            "/x /",
        ),
        *("/" + "é" * 300 + "/", "/" + "a" * 300 + ".ics", "/es/a\\..\\b/", "/c:/x/", "/es/x\ny/"),
        *("/manifest.json", "/manifest.sig", "/MANIFEST.json", "/es/index.page-2.html", "/index/"),
    ],
)
def test_no_address_leaves_the_folder_or_has_a_name_that_some_disk_refuses(path):
    file = file_of(path)
    assert file not in {"manifest.json", "manifest.sig", "es/index.page-2.html", "index.html"}
    for part in file.split("/"):
        assert part.isascii()
        assert part.isprintable()
        assert not set(part) & set('<>:"\\|?*% ')
        assert part.strip(".") == part
        assert 0 < len(part) <= LONGEST
        stem = part.partition(".")[0].lower()
        assert stem not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


def test_what_is_asked_never_leaves_the_folder_either():
    file = file_of("/es/x.ics", "page=../../x&..%2f=y")
    assert file.count("/") == 1
    assert "/.." not in file


def test_two_addresses_never_share_a_file_even_where_capitals_are_small_letters():
    paths = [
        *("/a/", "/A/", "/a", "/%41b/", "/ab/", "/aB/", "/con/", "/~63on/", "/Con/"),
        *("/" + "a" * 200 + "/", "/" + "a" * 201 + "/", "/" + "a" * 99 + "B/"),
        *("/x.ics", "/X.ics", "/x./", "/x~2e/", "/index/", "/es/", "/es//", "/es/~/"),
    ]
    paths.remove("/a")  # one page under either address
    files = [file_of(path).lower() for path in paths]
    assert len(set(files)) == len(paths)
