"""Results as files: the sheet, the map, the calendar, and the totals as JSON."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from convoca.actions.feeds.tables import GEOJSON_TYPE
from convoca.core import ics
from convoca.counting.exports import Files
from convoca.counting.results import Results
from convoca.counting.tally.sheet import as_csv
from convoca.counting.views.results import results_tags, shown_results
from convoca.pages.public import public_page

Written = Callable[[Results], bytes]


def file_page(kind: str, content_type: str, written: Written) -> Callable[..., HttpResponse]:
    """A view that answers the results of a campaign, or of one of its moments, as one file. Maps
    and programs on other sites may read it.
    """

    @public_page(tags=results_tags)
    def results_file(request: HttpRequest, code: str, slug: str, moment: str = "") -> HttpResponse:
        found = shown_results(code, moment)
        answer = HttpResponse(written(found), content_type=content_type)
        name = f"results-{found.campaign.code}{f'-{moment}' if moment else ''}.{kind}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Access-Control-Allow-Origin"] = "*"
        return answer

    return results_file


results_csv = file_page("csv", "text/csv; charset=utf-8", lambda found: as_csv(found.ledger))
results_geojson = file_page("geojson", GEOJSON_TYPE, lambda found: Files(found).as_geojson())
results_ics = file_page("ics", ics.CONTENT_TYPE, lambda found: Files(found).as_calendar())
results_json = file_page(
    "json", "application/json; charset=utf-8", lambda found: Files(found).as_json()
)
