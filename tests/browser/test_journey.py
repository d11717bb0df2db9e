"""The whole way on an empty installation: from `convoca init` to a call that is published,
translated, endorsed, changed, renewed, and handed over. Nothing here reaches past the browser, the
mail folder and the command line.
"""

import re
from pathlib import Path

import pytest

from tests.browser.people import Mailbox, accept, set_up_app
from tests.browser.serving import pages_are_right, prepare, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CALLS = Path(__file__).resolve().parents[3] / "shared" / "calls"
OWN_CALL = """\
ONE RAMP, ONE LETTER

Ten minutes and a stamp: that is what we ask.

On 2 August the county quietly cancelled the step-free programme on the whole eastern line. We call
on everyone, disabled or not, to write a letter to the Transport Board.

How to take part

* Write by hand if you can; dictate it if you cannot.
* Describe one journey, from your door to wherever you meant to go.

Letters will be carried in wheelbarrows to the Board's meeting on Tuesday 7 October.
"""
MEMBERS = """\
name,name:fr,kind,country,site,languages,contact_name,contact_email,contact_role,contact_language,committee,committee_place
Access Now Alliance,Alliance Accès,association,CA,https://ana.example,en,Ana,ana@alliance.example,coordinator,en,Halifax,Halifax
Wheel and Cane Network,,network,IE,,en,Wim,wim@wheel.example,coordinator,en,,
Société du tramway,,cooperative,FR,,fr,Sol,sol@tram.example,coordinator,en,Lyon,Lyon
Sindicato dos Ferroviários,,union,PT,,pt,Rui,rui@ferro.example,coordinator,en,,
جمعية الطريق,,association,EG,,ar,Hana,hana@road.example,coordinator,en,,
"""
WRONG_ROW = "Nowhere Club,,association,Atlantis,,,,,,,,\n"
CAME_BY_LINK = {
    "Friends of the Footbridge": "fay@footbridge.example",
    "Ramps for All": "ray@ramps.example",
}
SIGNERS = {
    "ana@alliance.example": "Access Now Alliance",
    "wim@wheel.example": "Wheel and Cane Network",
    "sol@tram.example": "Société du tramway",
    "rui@ferro.example": "Sindicato dos Ferroviários",
}
ADDED = "And bring a friend who has never written one."


def the_call():
    """Title and text of a document as a coalition would paste it: one of the shared, or our own."""
    shared = CALLS / "10-en-letters-ramps.txt"
    words = shared.read_text(encoding="utf-8") if shared.exists() else OWN_CALL
    title, _, body = words.strip().partition("\n")
    return title.capitalize(), body.strip()


TITLE, CALL = the_call()


class Journey:
    """The people who walk, each with a browser of their own, and the steps they take."""

    def __init__(self, installation, open_on, *, scripts=True, width=1280):
        self.installation = installation
        self.mail = Mailbox(installation.home)
        self._open_on = open_on
        self._scripts, self._width = scripts, width
        self.rosa = self.person(width=360, dark=True)

    def person(self, **options):
        options.setdefault("width", self._width)
        page = self._open_on(self.installation.url, scripts=self._scripts, **options)
        page.set_default_timeout(30_000)
        return page

    # --- the network ---

    def first_run(self, link):
        page = self.rosa
        page.goto(link)
        page.get_by_role("button", name="Begin").click()
        page.get_by_label("English", exact=True).fill("Level Ground")
        page.get_by_label("français", exact=True).fill("De plain-pied")
        page.get_by_label("العربية", exact=True).fill("أرض مستوية")
        page.get_by_label("Leaf green").check()
        for number, language in enumerate(["en", "fr", "ar"]):
            page.locator("input[name=languages]").nth(number).fill(language)
            if page.locator("input[name=languages]").count() <= number + 1:
                break
        page.get_by_label("Fallbacks").fill("qu > es")
        page.get_by_label("Time zone of deadlines").select_option("America/Halifax")
        page.get_by_label("Who answers for this site").fill("Secretariat of Level Ground")
        page.get_by_label("Mail for everybody").fill("post@level.example")
        page.get_by_label("Your name").fill("Rosa")
        page.get_by_label("Your mail address").fill("rosa@level.example")
        page.get_by_role("button", name="Send me a mail with a code").click()
        page.get_by_text("A mail is on its way to").wait_for()
        page.get_by_label("The code in the mail").fill(self.mail.code("rosa@level.example"))
        page.get_by_label("Name of a second steward").fill("Bo")
        page.get_by_label("Mail address of a second steward").fill("bo@level.example")
        page.get_by_role("button", name="Set up the network").last.click()
        page.get_by_role("button", name="Sign in as Rosa").click()
        page.get_by_text("One step first.").wait_for()  # a steward has a second factor
        set_up_app(page)

    def steps_done(self):
        """Which of the six steps are ticked on the steward's page; `None` where none is left."""
        self.rosa.goto("/en/work/")
        list_of_steps = self.rosa.get_by_role("region", name="The first six steps")
        if list_of_steps.count() == 0:
            return None
        steps = list_of_steps.get_by_role("listitem")
        assert steps.count() == 6
        return [step for step in range(6) if steps.nth(step).get_by_text("Done").count()]

    def second_steward(self):
        bo = self.person()
        accept(bo, self.mail.link("bo@level.example", "invitation"))
        set_up_app(bo)
        bo.goto("/en/work/network/settings/")
        bo.get_by_role("heading", name="Settings of the network").wait_for()
        bo.context.close()

    def import_members(self, tmp_path):
        page = self.rosa
        sheet = tmp_path / "members.csv"
        blank = "\n" * 300_000  # so long that the worker reads it first, and the page waits
        sheet.write_text(MEMBERS + WRONG_ROW + blank, encoding="utf-8")
        self.hand_in(sheet)
        page.get_by_text("new 5, changed 0, already known 0, left out 1.").wait_for()
        page.get_by_text("This mails 5 people and cannot be undone.").wait_for()
        page.get_by_role("button", name="Take the right rows in").click()
        page.get_by_text("Come in").wait_for()  # the page looks again by itself
        page.get_by_role("link", name="To the organisations").click()
        page.get_by_role("heading", name="Organisations").wait_for()
        sheet.write_text(MEMBERS, encoding="utf-8")  # twice is once
        self.hand_in(sheet)
        page.get_by_text("new 0, changed 0, already known 5, left out 0.").wait_for()

    def hand_in(self, sheet):
        page = self.rosa
        page.goto("/en/work/import/?kind=members")
        page.get_by_label("The file").set_input_files(sheet)
        page.get_by_role("button", name="Look at its columns").click()
        page.get_by_role("button", name="Show what it would do").click()

    # --- the call ---

    def start_campaign(self, *, convenor="Access Now Alliance"):
        page = self.rosa
        page.goto("/en/work/campaigns/start/")
        page.get_by_label("Title").fill(TITLE)
        page.get_by_label("Language of the call").fill("en")
        page.get_by_label(convenor).check()
        page.get_by_label("Vermilion").check()
        page.get_by_role("button", name="Start").click()
        page.wait_for_url(re.compile(r"/work/campaigns/\w{8}/"))
        self.campaign = re.search(r"/campaigns/(\w{8})/", page.url).group(1)
        page.get_by_role("link", name="Write").first.click()
        page.wait_for_url("**/source/")
        self.text = re.search(r"/translate/(\w{8})/", page.url).group(1)
        self.publish_text(CALL, 1)

    def publish_text(self, words, number):
        page = self.rosa
        page.goto(f"/en/work/translate/{self.text}/source/")
        page.get_by_label("Text", exact=True).fill(words)
        page.get_by_role("button", name="Save, and see what publishing does").click()
        page.get_by_role("button", name=f"Publish version {number}").click()
        page.get_by_text(f"Version {number}").first.wait_for()

    def invite_translator(self, address, pairs):
        page = self.rosa
        page.goto("/en/work/network/people/invite/")
        page.get_by_label("Translator").check()
        page.get_by_label(re.compile(r"^Mail")).fill(address)
        page.get_by_label("Language pairs").fill(pairs)
        page.get_by_role("button", name="Invite", exact=True).click()
        page.wait_for_url(re.compile(r"/work/network/(people|invitations)/$"))

    def translate(self, page, language):
        """Fill every paragraph that is not done, and hand in."""
        page.goto("/en/work/translate/")
        page.get_by_role("listitem").filter(has_text=TITLE).filter(has_text=language).get_by_role(
            "link"
        ).last.click()
        page.wait_for_url("**/in/*/**")
        boxes = page.locator("textarea[name^=body-]")
        assert boxes.count() > 3
        for number in range(boxes.count()):
            boxes.nth(number).fill(f"{language} {number}: words of a person")
        if self._scripts:
            page.locator(".state").get_by_text("Saved").or_(
                page.get_by_text("Saved")
            ).first.wait_for()
        page.get_by_role("button", name="Save and hand in").click()
        page.wait_for_url(f"**/work/translate/{self.text}/")

    def review(self, page, tag):
        page.goto(f"/en/work/translate/{self.text}/in/{tag}/review/")
        page.get_by_role("button", name="Approve and publish").click()
        page.wait_for_url(re.compile(rf"/work/translate/({self.text}/)?$"))

    def publish_campaign(self):
        page = self.rosa
        page.goto(f"/en/work/campaigns/{self.campaign}/")
        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_text("Published.", exact=True).wait_for()

    # --- signing ---

    def endorse(self, page):
        """Two clicks for who is signed in: on the public page, and to be sure."""
        page.goto(f"/campaigns/{self.campaign}")
        page.get_by_role("link", name="Endorse as an organisation").click()
        page.get_by_role("button", name="Endorse", exact=True).click()
        page.get_by_text("version 1 of the call").wait_for()

    def invite_others(self):
        page = self.rosa
        page.goto(f"/en/work/endorse/{self.campaign}/invitations/invite/")
        lines = "\n".join(f"{address}, {name}, en" for name, address in CAME_BY_LINK.items())
        page.get_by_label("Not members yet").fill(lines)
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("This mails 2 people and cannot be undone.").wait_for()
        page.get_by_role("button", name="Send the invitations").click()
        page.get_by_role("heading", name="Invitations").wait_for()

    def sign_by_link(self, name, address):
        page = self.person(width=360)
        page.goto(self.mail.link(address, "endorse"))
        assert page.get_by_label("Name of your organisation").input_value() == name
        page.get_by_label("Your name").fill(address.partition("@")[0].capitalize())
        page.get_by_role("button", name="Sign on").click()
        page.get_by_role("heading", name="Thank you").wait_for()
        page.context.close()

    def confirm_all(self):
        page = self.rosa
        page.goto(f"/en/work/endorse/{self.campaign}/endorsements/")
        for left in range(len(CAME_BY_LINK), 0, -1):
            buttons = page.get_by_role("button", name="Confirm", exact=True)
            assert buttons.count() == left
            buttons.first.click()
            page.wait_for_load_state()

    # --- reading ---

    def read(self, reader, language):
        """The campaign's public page in one language; the words of its body."""
        reader.goto(f"/{language}/campaigns/{self.campaign}/")
        root = reader.locator("html")
        assert root.get_attribute("lang") == language
        assert (root.get_attribute("dir") == "rtl") == (language == "ar")
        return reader.locator("main").inner_text()

    def call_in(self, reader, tag):
        reader.goto(f"/en/campaigns/{self.campaign}/")
        address = re.sub(r"^https?://[^/]+", "", reader.url)
        reader.goto(f"{address}in/{tag}/")
        return reader


@pytest.fixture
def journey(open_on, tmp_path):
    installation = prepare(tmp_path)
    made = installation.run("init")
    assert made.returncode == 0, made.stderr
    link = re.search(r"http://\S+/first-run/\S+", made.stdout).group()
    with serving(installation):
        yield lambda **options: (Journey(installation, open_on, **options), link)
        pages_are_right(installation)


def test_from_the_first_run_to_a_hand_over(journey, tmp_path):
    way, link = journey()
    way.first_run(link)
    assert way.steps_done() == [2]  # the languages were named in the first run
    way.second_steward()
    way.import_members(tmp_path)

    people = {}
    for address in SIGNERS:
        people[address] = way.person(width=360 if address.startswith("w") else 1280)
        accept(people[address], way.mail.link(address, "invitation"))
    ana = people["ana@alliance.example"]

    way.start_campaign()
    dia, hala, rhea = way.person(), way.person(width=360), way.person()
    way.invite_translator("dia@words.example", "en > fr")
    way.invite_translator("hala@words.example", "en > ar")
    way.invite_translator("rhea@words.example", "en > fr, en > ar")
    for page, name in ((dia, "Dia"), (hala, "Hala"), (rhea, "Rhea")):
        accept(page, way.mail.link(f"{name.lower()}@words.example", "invitation"), name)
    way.translate(dia, "French")
    way.translate(hala, "Arabic")
    way.review(rhea, "fr")
    way.review(rhea, "ar")
    way.publish_campaign()

    for page in people.values():
        way.endorse(page)
    way.invite_others()
    for name, address in CAME_BY_LINK.items():
        way.sign_by_link(name, address)
    reader = way.person(width=360)
    assert "Ramps for All" not in way.read(reader, "en")
    way.confirm_all()
    for language in ("en", "es", "fr", "pt", "ar"):
        words = way.read(reader, language)
        names = [name for name in [*SIGNERS.values(), *CAME_BY_LINK] if name in words]
        assert len(names) + ("Alliance Accès" in words) == 6, (language, words)
    assert "6 organisations have signed. They are in 4 countries." in way.read(reader, "en")
    assert "French 1: words of a person" in way.read(reader, "fr")
    assert "Arabic 1: words of a person" in way.read(reader, "ar")

    first = CALL.split("\n\n")[0]
    way.publish_text(CALL.replace(first, f"{first} {ADDED}"), 2)
    for tag in ("fr", "ar"):
        page = way.call_in(reader, tag)
        assert page.locator(".notice.wait").count() == 1
        assert page.locator(".stale-mark").count() == 1
        assert "words of a person" in page.locator(".stale-mark").inner_text()
    for page, tag, words in ((dia, "fr", "French"), (hala, "ar", "Arabic")):
        page.goto(f"/en/work/translate/{way.text}/in/{tag}/")
        changed = page.locator("[id^=changed-]")
        assert changed.count() == 1
        assert ADDED in " ".join(changed.inner_text().split())
        key = changed.get_attribute("id").removeprefix("changed-")
        page.locator(f"#body-{key}").fill(f"{words}: renewed")
        page.get_by_role("button", name="Save and hand in").click()
        page.wait_for_url(f"**/work/translate/{way.text}/")
        assert way.call_in(reader, tag).locator(".stale-mark").count() == 1  # not before review
        way.review(rhea, tag)
        page = way.call_in(reader, tag)
        assert page.locator(".notice.wait").count() == 0
        assert f"{words}: renewed" in page.locator("main").inner_text()

    assert way.steps_done() == [0, 1, 2, 3, 4]
    made = way.installation.run("backup", tmp_path / "first.backup")
    assert made.returncode == 0, made.stderr
    assert way.steps_done() is None

    hand_over(way, ana)


def test_the_essential_steps_on_a_phone_without_scripts(journey, tmp_path):
    way, link = journey(scripts=False, width=360)
    way.first_run(link)
    way.import_members(tmp_path)
    ana = way.person()
    accept(ana, way.mail.link("ana@alliance.example", "invitation"))
    way.start_campaign()
    way.invite_translator("dia@words.example", "en > fr")
    dia = way.person()
    accept(dia, way.mail.link("dia@words.example", "invitation"), "Dia")
    way.translate(dia, "French")  # nobody else reads French here, so it is published at once
    way.publish_campaign()
    way.endorse(ana)
    way.invite_others()
    for name, address in CAME_BY_LINK.items():
        way.sign_by_link(name, address)
    way.confirm_all()
    reader = way.person()
    words = way.read(reader, "fr")
    assert "French 1: words of a person" in words
    assert all(name in words for name in ["Alliance Accès", *CAME_BY_LINK])


def hand_over(way, ana):
    """Ana hands over to Gil, who is new; her open session loses every right at that moment."""
    ana.goto("/en/work/network/")
    ana.get_by_role("main").get_by_role("link", name="Access Now Alliance").first.click()
    organisation = ana.url
    ana.get_by_role("link", name="Edit the facts").click()
    editing = ana.url
    ana.goto(organisation)
    ana.get_by_role("link", name="Hand over").click()
    ana.get_by_label("The mail of your successor").fill("gil@alliance.example")
    ana.get_by_label("Their name").fill("Gil")
    ana.get_by_role("button", name="Hand over").click()
    gil_link = way.mail.link("gil@alliance.example", "invitation")
    assert ana.goto(editing).status == 200  # nothing moves before Gil accepts
    gil = way.person(width=360)
    accept(gil, gil_link)
    ana.get_by_role("button", name="Save").click()
    ana.get_by_role("heading", name="Not allowed").wait_for()
    assert ana.goto(editing).status == 403
    assert gil.goto(editing).status == 200
