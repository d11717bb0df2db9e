import pytest

from convoca.core.slugs import slug_of


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("São Paulo", "sao-paulo"),
        ("Ríos vivos: ¡ya!", "rios-vivos-ya"),
        ("Ζωντανά ποτάμια", "zontana-potamia"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("{{7*7}}", "7-7"),
        ("…", "x"),
        ("", "x"),
        ("a" * 300, "a" * 60),
    ],
)
def test_a_slug_is_ascii_whatever_the_script(words, slug):
    assert slug_of(words, "x") == slug


def test_a_long_title_is_cut_at_the_end_of_a_word():
    slug = slug_of("rivers for everyone " * 10, "x")
    assert slug == "rivers-for-everyone-rivers-for-everyone-rivers-for-everyone"
