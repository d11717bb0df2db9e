"""A shelf of leaflets: texts that are their own owners, and a roster that the tests write.

Rhea and Rui translate from Spanish into French and Arabic, Sol alone into Quechua; Edi edits the
leaflets, Stu is a steward, Nan is nobody in particular.
"""

from dataclasses import dataclass, field

import pytest

from convoca.accounts.models import Person
from convoca.core.names import Names
from convoca.texts import registry, services
from convoca.texts.models import Text


@dataclass
class Shelf:
    """What an owner's app would keep: titles, who edits, and whether strangers may read."""

    titles: dict[int, Names] = field(default_factory=dict)
    editors: set[int] = field(default_factory=set)
    helpers: set[tuple[int, str]] = field(default_factory=set)
    is_public: bool = True

    def set_title(self, text, tag, words, *, by=None):
        titles = {**self.titles.get(text.pk, {}), tag: words}
        self.titles[text.pk] = Names({tag: words for tag, words in titles.items() if words})
        services.learn_of_owner(text, text, registry.owners()[-1])

    def owner(self):
        return registry.TextOwner(
            model=Text,
            field="",
            label="Leaflets",
            address=lambda text, tag, interface: f"/{interface}/leaflets/{text.code}/",
            tags=lambda text: [f"leaflet:{text.pk}"],
            title=lambda text: self.titles.get(text.pk, Names()),
            set_title=self.set_title,
            may_edit=lambda visitor, text: visitor.pk in self.editors,
            may_translate=lambda visitor, text, tag: (visitor.pk, tag) in self.helpers,
            is_public=lambda text: self.is_public,
        )


@dataclass
class FixedRoster:
    """Who translates what, as the test says."""

    pairs: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    stewards: set[int] = field(default_factory=set)
    tags: list[str] = field(default_factory=lambda: ["es", "fr", "ar", "qu"])
    chosen: dict[str, str] = field(default_factory=lambda: {"qu": "es", "ar": "fr"})

    def pairs_of(self, person):
        return self.pairs.get(person.pk, [])

    def people_for(self, source, target):
        able = [
            pk
            for pk, pairs in self.pairs.items()
            if any(registry.pair_covers(pair, source, target) for pair in pairs)
        ]
        return list(Person.objects.filter(pk__in=able).order_by("pk"))

    def is_steward(self, visitor):
        return visitor.pk in self.stewards

    def languages(self):
        return self.tags

    def fallbacks(self):
        return self.chosen


@pytest.fixture
def shelf():
    shelf = Shelf()
    before = registry.roster()
    registry.register(shelf.owner())
    yield shelf
    registry.unregister("text")
    registry.set_roster(before)


@pytest.fixture
def roster(shelf):
    roster = FixedRoster()
    registry.set_roster(roster)
    return roster


def person(name):
    return Person.objects.create_person(f"{name.lower()}@example.org", name=name)


@pytest.fixture
def rhea(db, roster):
    rhea = person("Rhea")
    roster.pairs[rhea.pk] = [("es", "fr"), ("es", "ar")]
    return rhea


@pytest.fixture
def rui(db, roster):
    rui = person("Rui")
    roster.pairs[rui.pk] = [("es", "fr"), ("es", "ar")]
    return rui


@pytest.fixture
def sol(db, roster):
    sol = person("Sol")
    roster.pairs[sol.pk] = [("es", "qu")]
    return sol


@pytest.fixture
def edi(db, shelf):
    edi = person("Edi")
    shelf.editors.add(edi.pk)
    return edi


@pytest.fixture
def stu(db, roster):
    stu = person("Stu")
    roster.stewards.add(stu.pk)
    return stu


@pytest.fixture
def nan(db):
    return person("Nan")


FIRST = """\
# Por los ríos

El agua es de todos.

Nos vemos el 5 de octubre en la plaza.

- Traer una botella
- Traer una canción
"""
SECOND = FIRST.replace("5 de octubre", "6 de octubre")


@pytest.fixture
def make_text(db, shelf, roster, edi):
    """A function that makes a leaflet and publishes its first version."""

    def make(words=FIRST, title="Ríos vivos", language="es"):
        text = services.start(language, by=edi)
        shelf.set_title(text, language, title)
        if words:
            services.save_source(text, words, seen_revision=0, by=edi)
            services.publish_version(text, by=edi)
        return text

    return make


@pytest.fixture
def text(make_text):
    """A leaflet in Spanish, version 1: a heading, two sentences, a list."""
    return make_text()


@pytest.fixture
def edit(edi):
    """A function that publishes other words as the next version."""

    def edit(text, words, **how):
        services.save_source(text, words, seen_revision=text.revision, by=edi)
        return services.publish_version(text, by=edi, **how)

    return edit


def translate(text, language, by, words="«{}»"):
    """Fill every paragraph of a translation; the source stands between the quotation marks."""
    translation = services.open_translation(text, language, by=by)
    rows = {row.key: row for row in translation.paragraphs.all()}
    for source in text.sources():
        seen = rows[source.key].revision if source.key in rows else 0
        services.save_paragraph(
            translation, source.key, words.format(source.body), seen_revision=seen, by=by
        )
    return translation


def published(text, language, by, **how):
    """A translation that readers have (reviewed only where `by` has no colleague)."""
    translation = translate(text, language, by, **how)
    return services.publish_unreviewed(translation, by=by)
