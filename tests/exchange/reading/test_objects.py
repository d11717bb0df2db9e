"""JSON of many makers: invented river walks."""

import json
from datetime import date, time

import pytest

from convoca.core.errors import Refusal


def test_a_plain_list_and_a_list_inside_an_object_are_found(read):
    walks = [
        {"id": 7, "titre": "Marche du fleuve", "date": 1809129600, "lieu": "Lyon", "pays": "France"}
    ]
    for document in (walks, {"meta": {"page": 1}, "walks": walks}):
        (row,) = read(json.dumps(document), name="walks.json").rows
        assert (row.key, row.title, row.place.name) == ("7", "Marche du fleuve", "Lyon")
        assert (row.first, row.starts) == (date(2027, 5, 1), None)


def test_one_object_on_each_line_is_a_list(read):
    lines = [{"title": "A", "date": "2027-05-01", "city": "Lima"}] * 1 + [
        {"title": "B", "date": "2027-05-02", "city": "Quito"}
    ]
    result = read("\n".join(map(json.dumps, lines)) + "\nnot json\n", name="walks.ndjson")
    assert [row.title for row in result.rows] == ["A", "B"]
    assert result.why == [(3, "row-broken")]


def osdi(**more):
    event = {
        "identifiers": ["action_network:5b1"],
        "title": "River walk",
        "start_date": "2027-05-01T18:00:00Z",
        "end_date": "2027-05-01T20:00:00Z",
        "browser_url": "https://actionnetwork.example/events/walk",
        "status": "confirmed",
        "location": {
            "venue": "Pier 4",
            "address_lines": ["1 Harbour Road"],
            "locality": "Portland",
            "region": "OR",
            "postal_code": "97201",
            "country": "US",
            "location": {"latitude": 45.52, "longitude": -122.67, "accuracy": "Rooftop"},
        },
        "contact": {"name": "Ana", "email_address": "ana@example.org"},
        "_links": {"self": {"href": "https://actionnetwork.example/api/v2/events/5b1"}},
    }
    return json.dumps({"total_pages": 1, "_embedded": {"osdi:events": [event | more]}})


def test_osdi_and_action_network_are_read(read):
    result = read(osdi(), name="events.json")
    (row,) = result.rows
    assert result.file.format == "osdi"
    assert (row.key, row.title) == ("action_network:5b1", "River walk")
    assert (row.first, row.starts, row.ends) == (date(2027, 5, 1), time(11), time(13))
    assert (row.place.name, row.venue, row.address) == ("Portland", "Pier 4", "1 Harbour Road")
    assert (row.latitude, row.longitude) == (45.52, -122.67)
    assert row.urls == ("https://actionnetwork.example/events/walk",)
    assert "ana@example.org" not in repr(row)


def test_local_time_with_a_z_is_read_as_local_where_the_mapping_says_so(read):
    (row,) = read(osdi(), "@z=local", name="events.json").rows
    assert (row.starts, row.zone) == (time(18), "America/Los_Angeles")


def test_action_network_csv_is_read(read):
    text = (
        "uuid,event_title,start_date,location_name,address,city,state,zip,country,tags\n"
        "5b1,River walk,2027-05-01 18:00:00,Pier 4,1 Harbour Road,Portland,OR,97201,US,river\n"
    )
    (row,) = read(text).rows
    assert (row.key, row.starts, row.venue, row.address) == (
        "5b1",
        time(18),
        "Pier 4",
        "1 Harbour Road",
    )


MOBILIZE = {
    "count": 1,
    "data": [
        {
            "id": 41,
            "title": "Bridge vigil",
            "description": "With candles.",
            "event_type": "VISIBILITY_EVENT",
            "timezone": "America/New_York",
            "browser_url": "https://mobilize.example/41",
            "address_visibility": "PUBLIC",
            "tags": [{"id": 1, "name": "bridge"}, {"id": 2, "name": "river"}],
            "sponsor": {"id": 9, "name": "Bridge Committee"},
            "location": {
                "venue": "Mayo Bridge",
                "locality": "Richmond",
                "region": "VA",
                "country": "US",
            },
            "timeslots": [
                {"id": 5, "start_date": 1809212400, "end_date": 1809219600},
                {"id": 6, "start_date": 1809298800, "end_date": 1809306000},
            ],
        }
    ],
}


def test_mobilize_gives_an_action_for_each_timeslot(read):
    result = read(json.dumps(MOBILIZE), name="mobilize.json")
    assert result.file.format == "mobilize"
    assert [(row.key, row.first, row.starts) for row in result.rows] == [
        ("41/5", date(2027, 5, 1), time(19)),
        ("41/6", date(2027, 5, 2), time(19)),
    ]
    row = result.rows[0]
    assert (row.tags, row.organisers) == (("bridge", "river"), ("Bridge Committee",))
    assert (row.kind, row.venue, row.place.name) == ("VISIBILITY_EVENT", "Mayo Bridge", "Richmond")


def test_a_private_address_is_not_kept(read):
    hidden = MOBILIZE["data"][0] | {"address_visibility": "PRIVATE"}
    row = read(json.dumps({"data": [hidden]}), name="mobilize.json").rows[0]
    assert (row.is_hidden, row.venue, row.latitude, row.place.name) == (True, "", None, "Richmond")


def test_an_address_that_is_not_public_is_not_kept(read):
    document = json.loads(osdi())
    document["_embedded"]["osdi:events"][0]["location"]["public"] = False
    (row,) = read(json.dumps(document), name="events.json").rows
    assert (row.is_hidden, row.venue, row.address, row.latitude) == (True, "", "", None)


def test_mobilize_csv_is_read(read):
    text = (
        "id,timeslot id,title,start,end,location__venue,location__locality,location__region,"
        "location__country,location__is_private,event_type,tags,event_owner_email_address\n"
        "41,5,Bridge vigil,2027-05-01 19:00,2027-05-01 21:00,Mayo Bridge,Richmond,VA,US,false,"
        "VIGIL,bridge|river,bo@example.org\n"
    )
    (row,) = read(text).rows
    assert (row.key, row.starts, row.ends, row.venue) == ("41/5", time(19), time(21), "Mayo Bridge")
    assert row.tags == ("bridge", "river")
    assert "bo@example.org" not in repr(row)


EVENT = {
    "__typename": "Event",
    "id": "12",
    "uuid": "2b7c",
    "title": "Fiume libero",
    "beginsOn": "2027-05-01T16:00:00Z",
    "endsOn": "2027-05-01T18:00:00Z",
    "status": "CANCELLED",
    "url": "https://mobilizon.example/events/2b7c",
    "options": {"isOnline": False, "timezone": "Europe/Rome"},
    "physicalAddress": {
        "description": "Piazza Maggiore",
        "locality": "Bologna",
        "region": "Emilia-Romagna",
        "country": "Italia",
        "geom": "11.3430;44.4938",
    },
    "attributedTo": {"name": "Amici del fiume"},
    "organizerActor": {"name": "Bo", "preferredUsername": "bo"},
    "tags": [{"title": "fiume"}],
}


@pytest.mark.parametrize(
    "document",
    [
        {"data": {"searchEvents": {"total": 1, "elements": [EVENT]}}},
        {"data": {"group": {"organizedEvents": {"elements": [EVENT]}}}},
        [EVENT],
    ],
)
def test_mobilizon_is_read(read, document):
    (row,) = read(json.dumps(document), name="mobilizon.json").rows
    assert (row.key, row.title, row.status) == ("2b7c", "Fiume libero", "cancelled")
    assert (row.first, row.starts, row.zone) == (date(2027, 5, 1), time(18), "Europe/Rome")
    assert (row.place.name, row.place.country, row.venue) == ("Bologna", "IT", "Piazza Maggiore")
    assert (row.latitude, row.longitude) == (44.4938, 11.343)
    assert (row.organisers, row.tags) == (("Amici del fiume",), ("fiume",))
    assert "bo" not in row.extra.values()


def test_the_middle_of_a_country_is_no_place(read):
    address = {"description": "Italia", "country": "Italia", "geom": "12.57;42.64"}
    row = read(json.dumps([EVENT | {"physicalAddress": address}]), name="mobilizon.json").rows[0]
    assert (row.place, row.latitude, row.country) == (None, None, "IT")
    assert [note.code for note in row.notes] == ["place-wide"]


def test_gancio_is_read(read):
    events = [
        {
            "id": 3,
            "title": "Festa sul fiume",
            "slug": "festa",
            "start_datetime": 1809187200,
            "end_datetime": 1809194400,
            "multidate": False,
            "tags": ["fiume", "festa"],
            "place": {
                "id": 8,
                "name": "Parco Dora",
                "address": "Via Livorno, Torino, Italia",
                "latitude": 45.09,
                "longitude": 7.66,
            },
        }
    ]
    (row,) = read(json.dumps(events), name="gancio.json").rows
    assert (row.key, row.title, row.first, row.starts) == (
        "3",
        "Festa sul fiume",
        date(2027, 5, 1),
        time(18),
    )
    assert (row.place.country, row.venue, row.zone) == ("IT", "Parco Dora", "Europe/Rome")
    assert row.tags == ("fiume", "festa")


def feature(geometry, **properties):
    return {"type": "Feature", "id": "f1", "geometry": geometry, "properties": properties}


def geojson(*features):
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_of_escapes_only_letters_are_kept(read):
    """Halves of a letter, and the zero, are none; a letter in two halves, and a backslash, are."""
    written = (
        r'[{"date": "2026-06-01", "title": "a\u0000b\ud83d\uDE00c\uD800d\udc00 \\ud800 \uD55C"}]'
    )
    assert read(written, name="walks.json").rows[0].title == "ab😀cd \\ud800 한"


def test_geojson_points_are_placed(read):
    point = {"type": "Point", "coordinates": [-57.63, -25.28]}
    walk = feature(
        point, title="Marcha", start="2027-05-01T10:00:00-03:00", timezone="America/Asuncion"
    )
    (row,) = read(geojson(walk), name="walks.geojson").rows
    assert (row.key, row.place.country, row.starts) == ("f1", "PY", time(10))
    assert (row.latitude, row.longitude) == (-25.28, -57.63)


def test_an_area_gets_its_middle_and_says_so(read):
    ring = [[11.0, 44.0], [11.6, 44.0], [11.6, 44.9], [11.0, 44.9], [11.0, 44.0]]
    park = feature({"type": "Polygon", "coordinates": [ring]}, title="Park", date="2027-05-01")
    (row,) = read(geojson(park), name="walks.geojson").rows
    assert (round(row.latitude, 2), round(row.longitude, 2)) == (44.45, 11.3)
    assert "position-centre" in {note.code for note in row.notes}


@pytest.mark.parametrize(
    ("city", "point"),
    [("Asunción", [-25.28, -57.63]), ("", [45.52, -122.67]), ("Lima", [-12.05, -77.04])],
)
def test_swapped_coordinates_are_turned_round_and_said_so(read, city, point):
    geometry = {"type": "Point", "coordinates": point}
    walk = feature(geometry, title="Marcha", date="2027-05-01", city=city)
    (row,) = read(geojson(walk), name="walks.geojson").rows
    assert (row.latitude, row.longitude) == tuple(point)
    assert "position-swapped" in {note.code for note in row.notes}


def test_a_position_far_from_its_town_is_dropped(read):
    text = "title,date,city,country,lat,lon\nA walk,2027-05-01,Lima,PE,48.85,2.35\n"
    (row,) = read(text).rows
    assert (row.place.name, row.latitude) == ("Lima", None)
    assert [note.code for note in row.notes] == ["position-far"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 100_000, "json-deep"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "json-deep"),
        ('[{"a": ', "json-broken"),
        ('{"a": 1}', "json-without-list"),
        ("[1, 2, 3]", "json-without-list"),
        ("[]", "json-without-list"),
    ],
)
def test_what_holds_no_list_is_refused(read, text, code):
    with pytest.raises(Refusal) as refusal:
        read(text, name="walks.json")
    assert refusal.value.code == code


def test_values_deep_inside_a_row_are_left_out(read):
    deep = {"x": 1}
    for _ in range(50):
        deep = {"x": deep}
    result = read(json.dumps([{"title": "A", "date": "2027-05-01", "deep": deep}]), name="w.json")
    assert [row.title for row in result.rows] == ["A"]
