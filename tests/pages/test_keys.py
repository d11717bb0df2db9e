"""One key for every address that leads to the same page, and none for what is no page's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoca.pages.keys import LONGEST_QUERY, key_of, query_of

NAMES = ("page", "kind")


def test_a_key_is_the_whole_address():
    assert key_of("https", "X.example:8000", "/es/actions/") == "https://x.example:8000/es/actions/"
    assert key_of("http", "x.example", "/", "page=2") == "http://x.example/?page=2"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "en/",
        "//evil.example/",
        "/en//actions/",
        "/en/../work/",
        "/.env",
        "/en/%2e%2e/",
        "/en/a b/",
        "/en/ríos/",
        "/en/a\r\nb/",
        "/en/a;b/",
        "/" + "x" * 601,
    ],
)
def test_an_odd_path_has_no_page(path):
    assert key_of("https", "x.example", path) == ""


def test_a_long_query_has_no_page():
    assert key_of("https", "x.example", "/en/", "x" * LONGEST_QUERY)
    assert key_of("https", "x.example", "/en/", "x" * (LONGEST_QUERY + 1)) == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("page=2", "page=2"),
        ("kind=march&page=2", "kind=march&page=2"),
        ("page=2&kind=march", "kind=march&page=2"),
        ("utm_source=x&page=2&fbclid=1", "page=2"),
        ("page=2&page=1", "page=1&page=2"),
        ("page=", ""),
        ("page=a%20b", "page=a+b"),
        ("page=a+b", "page=a+b"),
        ("PAGE=2", ""),
        ("page", ""),
        ("&&;page=2", ""),
        ("%70age=2", "page=2"),
        ("page=%ff", "page=%EF%BF%BD"),
        ("&".join(f"x{n}=1" for n in range(101)), ""),
    ],
)
def test_of_a_query_only_what_is_read_makes_a_page(written, read):
    assert query_of(written, NAMES) == read


@given(st.text(max_size=80))
def test_whatever_is_written_is_read_the_same_once_and_twice(written):
    once = query_of(written, NAMES)
    assert query_of(once, NAMES) == once
    assert once.isascii()
