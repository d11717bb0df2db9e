"""One call in two languages: recognised by what languages share, and put beside its original."""

from datetime import date, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoca.campaigns import services as campaigns
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.drafting import services
from convoca.drafting.models import ReadText
from convoca.drafting.same import Traits, arranged, is_same_call, likeness, traits_of
from convoca.places.services import gazetteer
from convoca.reading.reader import read
from convoca.texts import services as texts
from tests.drafting.conftest import CALL_ES, CALL_FR, address, posted

RECEIVED = date(2027, 1, 11)


def traits(text: str) -> Traits:
    return traits_of(read(text, received=RECEIVED, places=gazetteer()))


def test_a_call_is_recognised_in_another_language():
    assert is_same_call(traits(CALL_ES), traits(CALL_FR))
    assert likeness(traits(CALL_ES), traits(CALL_FR)) == likeness(traits(CALL_FR), traits(CALL_ES))


def test_another_call_on_the_same_day_is_another_call():
    other = """Appel des bibliothèques ouvertes

    Le Collectif des Bibliothèques Ouvertes (CBO) appelle à une journée d'action le samedi 13 mars
    2027 à Dakar, au Sénégal, et à Bamako, au Mali, dans 15 villes."""
    assert not is_same_call(traits(CALL_ES), traits(other))


def test_a_day_alone_says_nothing():
    one = Traits(days=frozenset({(RECEIVED, RECEIVED)}))
    assert likeness(one, one) == 0
    assert likeness(Traits(), Traits()) == 0


def test_as_many_paragraphs_stand_one_beside_the_other():
    assert arranged(["a", "b", "c"], ["x", "y", "z"]) == ["x", "y", "z"]


def test_a_paragraph_that_was_divided_comes_together_again():
    source = [
        "Nos reunimos el 13 de marzo. " * 4 + "Invitamos a todas las redes amigas. " * 4,
        "La asamblea será el 5 de junio.",
        "- Uno\n- Dos",
    ]
    words = [
        "Nous nous réunissons le 13 mars. " * 4,
        "Nous invitons tous les réseaux amis. " * 4,
        "L'assemblée aura lieu le 5 juin.",
        "- Un\n- Deux",
    ]
    assert arranged(source, words) == [f"{words[0]}\n\n{words[1]}", words[2], words[3]]


def test_many_paragraphs_are_put_beside_each_other_without_delay():
    source = [f"Párrafo {n}, con sus palabras. " * (1 + n % 4) for n in range(1000)]
    words = [f"Paragraphe {n}, et ses mots. " * (1 + n % 4) for n in range(1000) if n != 500]
    begun = process_time()
    found = arranged(source, words)
    assert process_time() - begun < 120
    assert [found[100], found[500], found[900]] == [words[100], "", words[899]]


def test_a_paragraph_that_is_missing_stays_empty():
    source = [
        "Lima, 13 de marzo de 2027",
        "Un texto más largo sobre los 40 puentes. " * 3,
        "Fin 7.",
    ]
    words = ["Un texte plus long sur les 40 ponts. " * 3, "Fin 7."]
    assert arranged(source, words) == ["", *words]


PARAGRAPHS = st.lists(st.text("ab1- ", max_size=20), max_size=8)


@given(PARAGRAPHS, PARAGRAPHS)
def test_no_word_is_lost_and_the_order_stays(source, words):
    found = arranged(source, words)
    if source:
        assert len(found) == len(source)
    assert "".join(found).replace("\n\n", "") == "".join(words).replace("\n\n", "")


@pytest.fixture
def original(steward, union):
    """The Spanish call, as a campaign with its dates and a published version."""
    made = campaigns.start(
        Names(es="Los puentes son de todos"),
        source_language="es",
        convenors=[union],
        under=steward,
    )
    texts.save_source(made.call, CALL_ES, seen_revision=0, by=steward.person)
    texts.publish_version(made.call, by=steward.person)
    first = date(2027, 3, 13)
    campaigns.add_moment(made, kind="day", starts_on=first, ends_on=first, under=steward)
    return made


@pytest.mark.django_db
@pytest.mark.usefixtures("network")
class TestTheOffer:
    def test_it_becomes_a_translation_and_no_second_campaign(self, client, original, bo):
        french = services.keep(CALL_FR, received_on=RECEIVED, by=bo)
        assert french.like == original
        client.force_login(bo)
        page = client.get(address(french))
        assert page.context["translated"] == original
        sent = posted(page, do="translate")
        first, second = (client.post(address(french), sent) for _time in range(2))

        assert "/in/fr/" in first.headers["Location"]
        assert second.headers["Location"] == f"/en/work/campaigns/{original.code}/"
        assert Campaign.objects.count() == 1
        translation = original.call.translations.get()
        bodies = {row.key: row.body for row in translation.paragraphs.all()}
        keys = [one.key for one in original.call.sources()]
        assert [translation.language, translation.published_at] == ["fr", None]
        assert bodies[0] == "APPEL : LES PONTS SONT À TOUT LE MONDE"
        assert list(bodies) == keys
        assert bodies[keys[-1]].startswith("L'assemblée aura lieu du 5 au 7 juin 2027")
        assert ReadText.objects.get().text == ""

    def test_what_was_translated_already_stays(self, original, bo):
        translation = texts.open_translation(original.call, "fr", by=bo)
        key = original.call.sources()[2].key
        texts.save_paragraph(translation, key, "Lisbonne.", seen_revision=0, by=bo)
        french = services.keep(CALL_FR, received_on=RECEIVED, by=bo)
        added = services.accept_as_translation(french, original, by=bo)

        assert added.kept == 1
        assert translation.paragraphs.get(key=key).body == "Lisbonne."

    def test_where_nothing_is_missing_the_text_is_not_thrown_away(self, original, bo):
        translation = texts.open_translation(original.call, "fr", by=bo)
        for source in original.call.sources():
            texts.save_paragraph(translation, source.key, "Déjà.", seen_revision=0, by=bo)
        french = services.keep(CALL_FR, received_on=RECEIVED, by=bo)
        with pytest.raises(Refusal):
            services.accept_as_translation(french, original, by=bo)
        assert ReadText.objects.get().text == french.text != ""

    @pytest.mark.parametrize("who", ["eve", "dia"])
    def test_who_may_not_edit_that_campaign_is_offered_nothing(self, original, request, who):
        person = request.getfixturevalue(who)
        read = services.keep(CALL_FR, received_on=RECEIVED, by=person)
        assert read.like is None

    def test_an_unpublished_or_closed_call_takes_no_translation(self, client, original, bo):
        french = services.keep(CALL_FR, received_on=RECEIVED, by=bo)
        Campaign.objects.update(withdrawn_at=original.created_at + timedelta(seconds=1))
        client.force_login(bo)
        assert client.get(address(french)).context["translated"] is None

    def test_the_same_language_is_no_translation(self, original, bo):
        assert services.keep(CALL_ES, received_on=RECEIVED, by=bo).like is None

    def test_a_coordinator_of_the_convening_union_is_offered_it(self, client, original, ana):
        read = services.keep(CALL_FR, received_on=RECEIVED, by=ana)
        client.force_login(ana)
        assert client.get(address(read)).context["translated"] == original

    def test_a_call_that_is_not_published_is_named_and_not_offered(self, client, steward, union):
        first = date(2027, 3, 13)
        made = campaigns.start(
            Names(es="Puentes"), source_language="es", convenors=[union], under=steward
        )
        texts.save_source(made.call, CALL_ES, seen_revision=0, by=steward.person)
        campaigns.add_moment(made, kind="day", starts_on=first, ends_on=first, under=steward)
        read = services.keep(CALL_FR, received_on=RECEIVED, by=steward.person)
        client.force_login(steward.person)
        page = client.get(address(read))

        assert [page.context["translated"], page.context["unread"]] == [None, made]
        answer = client.post(address(read), posted(page, do="translate"))
        assert answer.status_code == 422
        assert ReadText.objects.get().used_at is None
