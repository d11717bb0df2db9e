from convoca.network import services
from convoca.outbox import services as outbox
from convoca.texts import services as texts
from tests.cast import make_person


def test_what_a_translator_leaves_is_offered_to_the_others_of_the_pair(network, union, ana, dia):
    other = make_person("Dan")
    services.grant(other, "translator", language_pairs=[("en", "fr")])
    text = texts.start("en", by=ana)
    union.about = text
    union.save()
    texts.save_source(text, "Water belongs to all.", seen_revision=0, by=ana)
    texts.publish_version(text, by=ana)
    translation = texts.open_translation(text, "fr", by=dia)
    texts.claim(translation, 1, by=dia)

    services.end_mandate(services.mandate_for(dia))

    assert translation.paragraphs.get(key=1).claimed_by is None
    assert [m.template for m in outbox.pending(to=other)][-1] == "texts/offered"
