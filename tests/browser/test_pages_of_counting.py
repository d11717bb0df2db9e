"""Every page of counting, with something on it: nothing runs off the side, axe finds nothing, and
what a reader needs is there without scripts.
"""

import json

import pytest

from tests.browser.test_every_page import STRANGER, look

pytestmark = pytest.mark.browser

COUNTED = """
import io, json
from datetime import timedelta
from PIL import Image
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from convoca.accounts.models import Person
from convoca.actions.models import Action, HostLink
from convoca.core.codes import token_digest
from convoca.campaigns.models import Campaign
from convoca.counting import services
from convoca.counting.models import Contest, ContestAsked, Photo
from convoca.counting.said import HowMany
from convoca.counting.services import contesting, photos, reporting, summing, weighing
from convoca.media.forms import PictureField
from convoca.network import services as network
campaign = Campaign.objects.filter(attachments__action__over_at__lt=timezone.now()).first()
rosa = network.mandate_for(Person.objects.get(email="rosa@rivers.example"), roles=["steward"])
over = Action.objects.filter(campaign=campaign, listed=True, over_at__lt=timezone.now())
past = [one for one in over
        if one.state == "published" and not one.is_told][:14]
for number, one in enumerate(past):
    printed = weighing.Printed(paper="The Herald", low=100 * number, high=None, method="press",
                               url="https://herald.example/1", words="hundreds")
    estimate = weighing.note_press(one, printed, under=rosa)
action = past[0]
secret = "a-host-who-reports-late"
link = HostLink.objects.create(action=action, scope=action.scope, digest=token_digest(secret),
                               secret=secret, language="en", confirmed_at=timezone.now(),
                               delete_on=timezone.localdate() + timedelta(days=60))
told = reporting.Told(happened="yes", words="Loud and dry.", won="A bridge.", present="A choir",
                      how_many=[HowMany(low=40, high=60, method="counted")])
report = reporting.report(action, told, link=link)
drawn = io.BytesIO()
Image.new("RGB", (900, 600), (20, 90, 160)).save(drawn, "JPEG")
sent = SimpleUploadedFile("a.jpg", drawn.getvalue())
photo = photos.add_photo(report, PictureField().clean(sent), link=link)
services.show_totals(campaign, shows_totals=True, from_actions=1, under=rosa)
first = services.publish_totals(campaign, under=rosa)
weighing.set_aside(estimate, why="It is the figure of the whole country.", under=rosa)
second = services.publish_totals(campaign, why="One figure was too large.", under=rosa)
asked = contesting.contest(action, name="The town", reason="We counted fewer.",
                           email="t@e.example", low=10, high=20)
proof = contesting.proof_of(asked)
other = contesting.contest(past[1], name="A host", reason="There were more.", email="o@e.example")
contesting.confirm(asked)
summing.note_summary(campaign.moments.first(), name="The Herald", kind="press",
                     words="close to 100 cities", url="https://herald.example/2",
                     said_on=timezone.localdate(), under=rosa)
results = f"campaigns/{campaign.code}/{campaign.slug()}/results/"
moment = campaign.moments.first().code
contest = Contest.objects.get().code
print(json.dumps({
    "public": [
        results, f"{results}moments/{moment}/", f"{results}actions/",
        f"{results}actions/?country={action.country}", f"{results}actions/?only=unknown",
        f"{results}actions/{action.code}/", f"{results}actions/{past[-1].code}/",
        f"{results}actions/{action.code}/contest/", f"{results}press/",
        f"{results}as-of/{first.code}/", f"{results}as-of/{second.code}/",
        "contests/sent/", f"contests/{other.pk}/{contesting.proof_of(other)}/",
        f"host/{secret}/report/", f"host/{secret}/report/photos/",
        f"host/{secret}/report/photos/{photo.pk}/", f"actions/{action.code}/{action.slug()}/",
    ],
    "work": [
        f"work/results/{campaign.code}/", f"work/results/{campaign.code}/summaries/",
        "work/contests/", f"work/contests/{contest}/",
        f"work/act/numbers/{estimate.pk}/aside/", f"work/act/actions/{action.code}/press/",
        f"work/act/actions/{action.code}/",
    ],
}))
"""


@pytest.fixture(scope="module")
def counted(sample_server):
    """Addresses of every kind of page, of a campaign that was counted."""
    return json.loads(sample_server.python(COUNTED).splitlines()[-1])


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("en", 1280, False), ("ar", 360, True)],
    ids=["en wide light", "ar narrow dark"],
)
@pytest.mark.parametrize(("who", "pages"), [(STRANGER, "public"), ("rosa", "work")])
def test_every_page_of_counting(open_as, counted, who, pages, language, width, dark):
    page = open_as(who, width=width, dark=dark)
    addresses = [f"/{language}/{address}" for address in counted[pages]]
    assert [fault for address in addresses for fault in look(page, address)] == []


def test_results_are_read_and_long_tables_opened_without_scripts(open_as, counted):
    page = open_as(STRANGER, width=360, scripts=False)
    page.goto(f"/en/{counted['public'][0]}")
    opener = page.locator("details.all-others summary").first
    opener.click()
    assert page.locator("details.all-others[open] tbody tr").count() >= 1
    assert page.evaluate("document.documentElement.scrollHeight") < 7000
