"""A copy is brought up to date: only what has changed, and without what was taken down."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from convoca.actions.services import problems as moderation
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.media import services as media
from convoca.network.views import directory
from convoca.pages.mirror import drawing
from convoca.pages.mirror.links import Wish
from convoca.pages.mirror.manifest import private_key
from convoca.pages.mirror.state import State, opened
from convoca.pages.mirror.writing import write
from tests.actions.making import make_action
from tests.cast import mandate_of
from tests.media import fixtures as files
from tests.pages.mirror.conftest import KEY, ORIGIN
from tests.pages.mirror.reading import pages_of

pytestmark = pytest.mark.django_db


def rename(organisation, name):
    organisation.names = Names(en=name)
    organisation.save()


def file_of(row):
    return f"{row.get_absolute_url()[1:]}index.html"


# --- what it is to be


def test_where_one_takes_part_links_lead_to_the_site_its_alternatives_and_a_mail(copy, action):
    copy.refresh(alternatives=("http://rivers.onion",))
    path, page = action.get_absolute_url(), copy.text(file_of(action))
    assert f'href="{ORIGIN}{path}come/"' in page
    for way in (f"{ORIGIN}{path}", f"http://rivers.onion{path}", "mailto:hello@rivers.example"):
        assert f'<a href="{way}">' in page
    assert page.index('<p class="band">') < page.index('<header class="line">')
    assert f'<a href="{ORIGIN}/en/actions/">' in copy.text("en/actions/index.html")


def test_with_a_base_feeds_and_a_sitemap_lead_to_the_copy_and_ids_stay(copy, action):
    base = "https://copy.example/rivers/"
    before = copy.files()
    copy.refresh(base=base)
    path = base + file_of(action)
    for kind in ("atom", "rss", "geojson", "csv"):
        body = copy.text(f"en/actions/actions.{kind}")
        assert path in body, kind
        assert body != before[f"en/actions/actions.{kind}"].decode()
    assert f"<id>{ORIGIN}/actions/{action.code}</id>" in copy.text("en/actions/actions.atom")
    calendar = (copy.folder / f"en/actions/{action.code}/calendar.ics").read_bytes()
    assert f"URL:{path}".encode() in calendar.replace(b"\r\n ", b"")
    assert max(map(len, calendar.split(b"\r\n"))) <= 75
    assert f"<loc>{path}</loc>" in copy.text("sitemap.xml")
    assert f"Sitemap: {base}sitemap.xml" in copy.text("robots.txt")


@pytest.mark.slow
def test_printed_things_and_pictures_come_only_when_asked_for(copy, action):
    own = copy.folder / f"en/actions/{action.code}"
    usual = {"calendar.ics", action.slug()}
    assert {path.name for path in own.iterdir()} == usual
    assert f'href="{ORIGIN}/en/actions/{action.code}/share/"' in copy.text(file_of(action))

    copy.refresh(papers=True)
    assert {path.name for path in own.iterdir()} > {*usual, "share", "poster", "cards"}
    assert copy.problems() == []

    copy.refresh()
    assert {path.name for path in own.iterdir()} == usual


# --- what changes


def test_a_second_run_writes_nothing(copy):
    stamps = copy.stamps()
    report = copy.refresh()
    assert copy.stamps() == stamps
    assert (report.drawn, report.written, report.removed) == (0, 0, 0)
    assert report.files == len(copy.files()) == len(copy.manifest().files)


def test_an_edit_writes_what_shows_it_and_the_list(copy, library):
    before, sequence = copy.files(), copy.manifest().sequence
    rename(library, "Library of the Sea")
    copy.refresh()

    after = copy.files()
    changed = {path for path in before if after.get(path) != before[path]}
    assert file_of(library) in after
    assert "en/organisations/index.html" in changed
    assert "en/imprint/index.html" not in changed
    assert all(b"library-of-the-delta" in before[path] for path in changed)
    assert not any(b"Library of the Delta" in body for body in after.values())
    assert copy.manifest().sequence == sequence + 1
    assert copy.problems() == []


def test_what_was_drawn_the_same_is_not_written(copy, library):
    stamps = copy.stamps()
    library.save()
    report = copy.refresh()
    assert report.drawn > 0
    assert copy.stamps() == stamps


def test_what_is_new_comes_and_what_is_gone_goes(copy, campaign, union):
    made = make_action(campaign, union, title="Boats on the river")
    path = file_of(made)
    copy.refresh()
    assert "Boats on the river" in copy.text(path)

    made.delete()
    report = copy.refresh()
    assert [path for path in copy.files() if made.code in path] == []
    assert report.removed == 3  # its page, its calendar, and its address without a language
    assert copy.problems() == []


TITLES = [
    *("../../../etc/passwd", "CON", "aux.html", "nul", "\u202egnp.exe", "x" * 200, "é" * 190),
    *("%2e%2e%2f", "..", "C:\\x", "a\tb", "‏ا", "<form action=/x>", '"><a href="/x">'),
]


def test_no_title_leaves_the_folder(copy, campaign, union, tmp_path):
    made = [make_action(campaign, union, title=title) for title in TITLES]
    copy.refresh()
    files = copy.files()
    for action in made:
        new = [path for path in files if action.code in path]
        assert len(new) == 3
        assert all(len(part) <= 100 and part.isascii() for path in new for part in path.split("/"))
    others = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert others == {"copy", "mirrors"}
    assert copy.problems() == []
    assert not any(page.forms for page in pages_of(files).values())


def test_a_file_that_was_lost_or_changed_is_written_again(copy):
    before = copy.files()
    (copy.folder / "en/about/index.html").unlink()
    (copy.folder / "en/privacy/index.html").write_text("theirs")
    (copy.folder / "manifest.sig").write_bytes(b"x")
    copy.refresh()
    assert copy.files() == before
    assert copy.problems() == []


def test_a_copy_is_known_again_by_its_list_where_nothing_else_is_remembered(copy):
    stamps, sequence = copy.stamps(), copy.manifest().sequence
    (copy.folder / "en/more.html").write_text("theirs")
    for path in (copy.home / "mirrors").iterdir():
        path.unlink()
    report = copy.refresh()
    after = copy.stamps()
    assert report.written == 0
    assert {path for path in stamps if stamps[path] != after[path]} == {
        *("manifest.json", "manifest.sig"),
    }
    assert copy.manifest().sequence == sequence + 1
    assert copy.problems() == [("en/more.html", "not-listed")]


def test_a_run_that_was_killed_is_made_good_by_the_next(copy, campaign, union, monkeypatch):
    made = make_action(campaign, union, title="Boats on the river")

    def killed(self, rows):
        if any(made.code in row.address for row in list(rows)):
            raise KeyboardInterrupt
        keep(self, rows)

    keep = State.keep
    with monkeypatch.context() as patch:
        patch.setattr(State, "keep", killed)
        with pytest.raises(KeyboardInterrupt):
            copy.refresh()
    assert [path for path in copy.files() if made.code in path] != []
    assert copy.problems() != []

    made.delete()
    copy.refresh()
    assert [path for path in copy.files() if made.code in path] == []
    assert copy.problems() == []


def test_a_first_run_that_was_killed_is_gone_on_with(small, action, tmp_path, monkeypatch):
    def killed(self, **facts):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(State, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "copy", Wish(ORIGIN), home=tmp_path, key=KEY)
    report = write(tmp_path / "copy", Wish(ORIGIN), home=tmp_path, key=KEY)
    assert (report.drawn, report.written) == (0, 0)
    assert report.sequence == 2  # the first may have been seen


def test_a_run_that_was_killed_half_way_left_no_row_that_leads_to_none(
    small, action, tmp_path, monkeypatch
):
    def killed(self, rows):
        keep(self, rows)
        raise KeyboardInterrupt

    keep = State.keep
    with monkeypatch.context() as patch:
        patch.setattr(State, "keep", killed)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "copy", Wish(ORIGIN), home=tmp_path, key=KEY)
    report = write(tmp_path / "copy", Wish(ORIGIN), home=tmp_path, key=KEY)
    whole = write(tmp_path / "another", Wish(ORIGIN), home=tmp_path, key=KEY)
    assert (report.failed, report.files) == ([], whole.files)


def test_a_page_that_cannot_be_drawn_stays_and_is_named(copy, library, monkeypatch):
    before = copy.text("en/organisations/index.html")
    rename(library, "Library of the Sea")
    with monkeypatch.context() as patch:
        patch.setattr(directory, "DirectoryForm", None)
        report = copy.refresh()
    assert report.failed == ["/en/organisations/"]
    assert copy.text("en/organisations/index.html") == before
    assert copy.problems() == []

    assert copy.refresh().failed == []
    assert "Library of the Sea" in copy.text("en/organisations/index.html")


def test_where_processes_that_draw_are_ended_one_alone_draws_the_rest(copy, library, monkeypatch):
    monkeypatch.setattr(drawing, "FEW", 1)
    monkeypatch.setattr(drawing, "begin", os.abort)  # each ends as soon as it has started
    rename(library, "Library of the Sea")
    wish = Wish(ORIGIN, mail="hello@rivers.example")
    report = write(copy.folder, wish, home=copy.home, key=KEY, jobs=2)
    assert (report.failed, report.drawn > 1) == ([], True)
    assert "Library of the Sea" in copy.text("en/organisations/index.html")
    assert copy.problems() == []


def test_a_list_is_signed_again_after_some_hours_though_nothing_has_changed(copy, time_machine):
    stamps, sequence = copy.stamps(), copy.manifest().sequence
    time_machine.move_to(timezone.now() + timedelta(hours=7))
    copy.refresh()
    after = copy.stamps()
    assert copy.manifest().sequence == sequence + 1
    assert stamps["manifest.json"] != after["manifest.json"]
    assert stamps["en/imprint/index.html"] == after["en/imprint/index.html"]


def test_what_changes_by_itself_is_drawn_when_its_moment_has_passed(copy, action, time_machine):
    assert action.slug() in copy.text("en/actions/index.html")
    time_machine.move_to(timezone.now() + timedelta(days=30))
    copy.refresh()
    assert action.slug() not in copy.text("en/actions/index.html")


def test_two_runs_into_one_folder_do_not_meet(copy):
    with opened(copy.home, copy.folder), pytest.raises(Refusal, match="Another run"):
        copy.refresh()


# --- taken down


def test_what_was_taken_down_leaves_the_copy_and_the_list_says_so(copy, action, mia):
    own = file_of(action)
    old, old_list = copy.text(own), copy.text("en/actions/index.html")
    title = action.names["en"]
    moderation.take_down(action, under=mandate_of(mia))
    report = copy.refresh()

    manifest = copy.manifest()
    folder = f"en/actions/{action.code}/"
    assert report.revoked > 0
    assert not (copy.folder / folder).exists()
    assert not any(title.encode() in body for body in copy.files().values())
    assert folder in {one.path for one in manifest.revoked}
    assert action.slug() not in (copy.folder / "manifest.json").read_text()
    assert copy.problems() == []

    (copy.folder / own).parent.mkdir(parents=True)
    (copy.folder / own).write_text(old)
    (copy.folder / "en/actions/index.html").write_text(old_list)
    assert set(copy.problems()) == {(own, "revoked"), ("en/actions/index.html", "revoked")}


def test_what_is_shown_again_is_revoked_no_more(copy, action, mia):
    moderation.take_down(action, under=mandate_of(mia))
    copy.refresh()
    moderation.put_right(action, under=mandate_of(mia))
    copy.refresh()
    manifest = copy.manifest()
    assert manifest.files[file_of(action)].sha256 not in {one.sha256 for one in manifest.revoked}
    assert copy.problems() == []


def test_a_file_that_was_taken_down_leaves_the_copy_too(copy, action, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"  # what is taken down stays so, for other tests too
    picture = media.keep_picture(files.upload("p.png", files.picture(size=(40, 30))))
    action.picture = picture
    action.save()
    copy.refresh()
    kept = [path for path in copy.files() if path.startswith("media/")]
    assert kept != []
    assert "../media/" in copy.text(file_of(action))

    media.withhold(picture, taken_down=True)
    copy.refresh()
    assert [path for path in copy.files() if path.startswith("media/")] == []
    assert {one.path for one in copy.manifest().revoked} == set(kept)
    assert "../media/" not in copy.text(file_of(action))
    assert copy.problems() == []


# --- whose folder it is


def test_a_folder_with_anything_else_in_it_is_refused(small, tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(Refusal, match="is not empty"):
        write(tmp_path, Wish(ORIGIN), home=tmp_path, key=KEY)
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_a_copy_that_another_installation_made_is_refused(copy, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    with pytest.raises(Refusal, match="is not empty"):
        write(copy.folder, Wish(ORIGIN), home=other, key=private_key(b"o" * 32))
