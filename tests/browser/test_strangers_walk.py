"""A stranger's walk at phone size, with scripts and without, in a left- and a right-handed script:
host an action, confirm it by mail, let it in, find it, sign up, hear of another time, and that it
is cancelled. Nothing here reaches past the browser and the mail folder of the sample network.
"""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext

from tests.browser.conftest import axe
from tests.browser.people import Mailbox
from tests.browser.serving import pages_are_right
from tests.cli.conftest import wait_until

pytestmark = pytest.mark.browser
DAY = timezone.localdate() + timedelta(days=40)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Walk:
    """A host, somebody who comes, and a moderator, each with a browser and a mailbox."""

    def __init__(self, server, open_as, *, language, scripts, town, country, title):
        self.mail, self.scripts = Mailbox(server.home), scripts
        self.language, self.town, self.country, self.title = language, town, country, title
        self.host, self.guest, self.sofia = (
            open_as(who, width=360, scripts=scripts) for who in ("a host", "a guest", "sofia")
        )
        name = f"{language}-{'scripts' if scripts else 'plain'}"
        self.host_mail, self.guest_mail = (
            f"{who}-{name}@walk.example" for who in ("host", "guest")
        )
        self.committee = f"{title} {name}"

    def say(self, words, context=None, **named):
        """These words of a screen, in the language of the walk."""
        with translation.override(self.language):
            said = translation.pgettext(context, words) if context else gettext(words)
        return said % named if named else said

    def open(self, page, path):
        assert page.goto(f"/{self.language}{path}").status == 200
        self.reads_well(page)

    def press(self, page, words, **options):
        """Press the button that says so, and read the page that answers."""
        page.get_by_role("button", name=self.say(words, **options), exact=True).last.click()
        page.wait_for_load_state()
        self.reads_well(page)

    def follow(self, page, words, **options):
        page.get_by_role("link", name=self.say(words, **options), exact=True).first.click()
        page.wait_for_load_state()
        self.reads_well(page)

    def sees(self, page, words, **options):
        page.locator("main").get_by_text(self.say(words, **options)).first.wait_for()

    def reads_well(self, page):
        """The page is in the language of the walk, from its side, and no wider than the phone.

        Without scripts Chromium measures nothing: the page is the same one there.
        """
        root = page.locator("html")
        assert root.get_attribute("lang") == self.language, page.url
        assert (root.get_attribute("dir") == "rtl") == (self.language == "ar"), page.url
        assert not self.scripts or page.evaluate(WIDER) <= 0, page.url

    def opens_to_everybody(self, page):
        """What axe finds, where it can run."""
        assert not self.scripts or axe(page) == [], page.url

    def letter(self, to, subject):
        """The newest mail of this subject; waited for, as people do."""

        def newest():
            found = [words for said, words in self.mail.letters(to) if said.endswith(subject)]
            return found[-1] if found else None

        try:
            return wait_until(newest)
        except AssertionError:
            came = [said for said, _words in self.mail.letters(to)]
            raise AssertionError(f"no mail “{subject}”, only {came}") from None

    # --- hosting ---

    def post_with_a_slip(self):
        """The form comes back with everything that was typed, and a question."""
        page = self.host
        typed = {
            "title": self.title,
            "stop_0_place": self.town,
            "stop_0_venue": "Plaza 1",
            "day": str(DAY),
            "clock": "17:30",
            "host": self.committee,
            "email": "host@walk",
            "description": "Agua.\n\nMás agua.",
            "bring": "Agua",
        }
        self.open(page, "/actions/host/")
        page.locator("details.group > summary").click()
        for name, words in typed.items():
            page.locator(f"[name={name}]").fill(words)
        page.locator("[name=kind]").select_option("vigil")
        page.locator("[name=access][value=step-free]").check()
        self.press(page, "Send")
        self.sees(page, "This is not a mail address.")
        kept = {name: page.locator(f"[name={name}]").input_value() for name in typed}
        assert {name: words.replace("\r\n", "\n") for name, words in kept.items()} == typed
        assert page.locator("[name=kind]").input_value() == "vigil"
        assert page.locator("[name=access][value=step-free]").is_checked()
        self.opens_to_everybody(page)

    def post(self):
        page = self.host
        page.locator("[name=email]").fill(self.host_mail)
        page.locator("[name=host_chosen][value=new]").check()
        for choice in page.locator("[name=stop_0_place_chosen]").all()[:1]:
            choice.check()  # several towns bear the name
        self.press(page, "Send")
        self.sees(page, "Look at your mail")

    def confirm(self):
        """Whoever only opens the link, as scanners of mail do, confirms nothing."""
        page = self.host
        link = self.mail.link(self.host_mail, "host")
        assert page.request.get(link).status == 200
        assert self.waiting().count() == 0
        page.goto(link)
        self.opens_to_everybody(page)
        self.press(page, "Yes, this is my action")
        self.sees(page, "Somebody looks at it before it is public. You are told by mail.")
        self.host_page = urlsplit(page.url).path

    # --- letting in ---

    def waiting(self):
        """The lines of the queue that bear the title."""
        self.open(self.sofia, f"/work/act/moderation/?country={self.country}")
        return self.sofia.locator("[data-walk] > li").filter(has_text=self.title)

    def let_in(self):
        self.waiting().get_by_role("link").first.click()
        self.sofia.wait_for_load_state()
        self.reads_well(self.sofia)
        self.sees(self.sofia, "A newcomer.")
        self.press(self.sofia, "Let it in")
        page = self.host
        page.goto(self.host_page)
        self.follow(page, "Its public page")
        self.address = urlsplit(page.url).path

    # --- finding ---

    def find(self):
        """Near a town, in the list and on the map: each leads to the action's page."""
        page = self.guest
        self.open(page, "/actions/near/")
        page.locator("[name=q]").fill(self.town)
        self.press(page, "Find", context="an action")
        for choice in page.locator("[name=q_chosen]").all()[:1]:
            choice.check()
            self.press(page, "Find", context="an action")
        self.sees(page, "Within 50 km")
        self.reach_it(page)
        self.open(page, f"/actions/in/{self.country.lower()}/?q={self.title.split()[0]}")
        self.reach_it(page)
        page.go_back()
        page.locator("main a[href*='/map/']").first.click()
        self.reads_well(page)
        dot = page.locator("svg.map a", has=page.locator(f"title:text('{self.town}')")).first
        page.goto(dot.get_attribute("href"))
        self.reads_well(page)
        assert self.title in page.locator("main").inner_text()

    def reach_it(self, page):
        page.get_by_role("link", name=self.title).first.click()
        page.wait_for_load_state()
        self.reads_well(page)
        assert page.locator("h1").inner_text() == self.title

    # --- taking part ---

    def sign_up(self):
        page = self.guest
        page.goto(self.address)
        self.follow(page, "I will come")
        page.locator("[name=name]").first.fill("Inés")
        page.locator("[name=email]").first.fill(self.guest_mail)
        self.press(page, "Sign up")
        self.sees(page, "One more step: your mail")
        link = self.mail.link(self.guest_mail, "come")
        assert page.request.get(link).status == 200
        page.goto(link)
        self.opens_to_everybody(page)
        self.press(page, "Yes, that was me")
        self.sees(page, "You are on the list")
        self.own_page = urlsplit(page.url).path

    def keep_in_calendar(self):
        self.guest.goto(self.own_page)
        link = self.guest.get_by_role("link", name=self.say("Add to calendar"), exact=True)
        self.file = link.get_attribute("href")

    def calendar(self):
        """Number, state and beginning, as a telephone finds them that asks for its file again."""
        unfolded = self.guest.request.get(self.file).text().replace("\r\n ", "")
        event = unfolded.partition("BEGIN:VEVENT")[2].splitlines()
        facts = dict(line.split(":", 1) for line in event if ":" in line)
        begins = next(value for name, value in facts.items() if name.startswith("DTSTART"))
        return int(facts["SEQUENCE"]), facts.get("STATUS"), begins

    def move(self):
        page = self.host
        page.goto(self.host_page)
        self.follow(page, "Change time or place")
        page.locator("[name=clock]").fill("19:15")
        self.press(page, "Save")
        words = self.letter(
            self.guest_mail, self.say("Another time or place: %(title)s", title=self.title)
        )
        assert "19:15" in words
        assert self.address in words
        assert self.file in words

    def cancel(self):
        page = self.host
        page.goto(self.host_page)
        self.follow(page, "Cancel this action")
        page.locator("[name=reason]").fill("Tormenta")
        self.press(page, "Cancel this action")
        words = self.letter(self.guest_mail, self.say("Cancelled: %(title)s", title=self.title))
        assert "Tormenta" in words
        page = self.guest
        page.goto(self.address)
        self.reads_well(page)
        self.sees(page, "Cancelled", context="an action")
        self.sees(page, "Tormenta")
        assert page.get_by_role("link", name=self.say("I will come")).count() == 0
        page.goto(self.own_page)
        self.opens_to_everybody(page)


@pytest.mark.parametrize(
    ("language", "scripts", "town", "country", "title"),
    [
        ("es", True, "Teruel", "ES", "Velada del Turia"),
        ("es", False, "Huesca", "ES", "Vigilia del Isuela"),
        ("ar", True, "Coimbra", "PT", "أمسية النهر"),
        ("ar", False, "Évora", "PT", "وقفة الماء"),
    ],
    ids=["es scripts", "es plain", "ar scripts", "ar plain"],
)
def test_a_strangers_walk(sample_server, open_as, language, scripts, town, country, title):
    walk = Walk(
        sample_server,
        open_as,
        language=language,
        scripts=scripts,
        town=town,
        country=country,
        title=title,
    )
    walk.post_with_a_slip()
    walk.post()
    walk.confirm()
    walk.let_in()
    walk.find()
    walk.sign_up()
    walk.keep_in_calendar()
    before = walk.calendar()
    walk.move()
    moved = walk.calendar()
    assert moved[0] > before[0]
    assert (before[2][-6:], moved[2][-6:]) == ("173000", "191500")
    walk.cancel()
    cancelled = walk.calendar()
    assert cancelled[0] > moved[0]
    assert cancelled[1] == "CANCELLED"
    pages_are_right(sample_server)
