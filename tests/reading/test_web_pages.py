"""Calls as web pages, blogs and lists of mail have them: one small text for each cause mended."""

from datetime import date

import pytest
from django.conf import settings

from convoca.places.gazetteer import Gazetteer
from convoca.reading.reader import read

RECEIVED = date(2027, 5, 10)


@pytest.fixture(scope="module")
def places():
    return Gazetteer(settings.PLACES_TABLE)


def draft_of(text, places=None):
    return read(text, received=RECEIVED, places=places)


def names(draft):
    return {one.name: one.acronym for one in draft.organisations}


def issuers(draft):
    return [one.value for one in draft.issuers]


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        (
            "Les organisations CGN, FSX, Brindille, Tournesol, Union Locale du Rail appellent "
            "à la grève le 20 mai pour le climat et pour les services publics.",
            "CGN",
            {"Brindille", "Tournesol", "Union Locale du Rail"},
        ),
        (
            "A federação convoca os atos do dia 20 de maio.\n"
            "Entidades participantes: CGN, Força Rural, UGX e NOVA MARÉ\n",
            "CGN",
            {"Força Rural", "UGX", "NOVA MARÉ"},
        ),
        (
            "This is a call to a day of action on 20 May for the rivers of the world.\n"
            "First signatures (until 4 May 2027):\n"
            "40 Rivers are Enough! – Canada\nRAI - River Alliance International\n",
            "40 Rivers are Enough!",
            {"River Alliance International"},
        ),
        (
            "Este 20 de mayo marchamos por el agua de la ciudad con las vecinas.\n\nConvocan:\n"
            "1. Red de Ríos del Sur.\n2. Guardianas del Estero, Pueblo Alto.\n\nAdhieren:\n"
            "1. Club de Lectura Norte.\n2. Grupo de Títeres.\n",
            "Red de Ríos del Sur",
            {"Guardianas del Estero"},
        ),
    ],
)
def test_those_of_a_list_call_though_no_word_tells_what_they_are(text, first, rest):
    found = issuers(draft_of(text))

    assert found[0] == first
    assert rest <= set(found)
    assert "Club de Lectura Norte" not in found


def test_who_is_only_spoken_of_does_not_call():
    leading = draft_of(
        "Alors que les ministres de la Banque Lointaine se réunissent le 18 mai, la Ligue des "
        "Jardins appelle à une marche le 20 mai avec les habitants."
    )
    ours = draft_of(
        "Le 20 mai, au moment où la Commission Fluviale annoncera ses plans, nous refusons de "
        "rester à la maison et nous appelons à une marche dans les rues."
    )

    assert issuers(leading) == ["Ligue des Jardins"]
    assert issuers(ours) == []


def test_a_byline_behind_the_day_names_who_writes_unless_it_is_people():
    posted = draft_of(
        "Marchons pour le lac\n\nmercredi 5 mai 2027, par Attac France\n\n"
        "Nous appelons les habitants à marcher le 20 mai pour le lac et ses rives."
    )
    people = draft_of(
        "Por Marta Lima e Rui Prado\n\nA Rede de Hortas (RH) divulgou a carta das hortas e "
        "convida as pessoas da cidade para a festa no dia 20 de maio."
    )

    assert posted.issued.value == "2027-05-05"
    assert issuers(posted) == ["Attac France"]
    assert issuers(people) == ["Rede de Hortas"]


def test_letters_find_the_name_that_stands_elsewhere_and_events_have_none():
    draft = draft_of(
        "La semaine a lieu du 12 au 17 mai avec la Ronde Fluviale des Jardins et ses amies. "
        "Là où la RFJ est organisée, des ateliers sont prévus. Le Forum social des lacs finit le "
        "20 mai et le FSL publie un texte. Le VI MRX est annoncé."
    )

    assert names(draft) == {"Ronde Fluviale des Jardins": "RFJ"}


def test_a_name_in_brackets_behind_its_short_name_is_read_whole():
    draft = draft_of(
        "Na reunião falou o Sintriva (Sindicato dos Trabalhadores em Rios, Ilhas e Várzeas do "
        "Norte), que convoca os moradores para o dia 20 de maio."
    )

    assert names(draft) == {
        "Sindicato dos Trabalhadores em Rios, Ilhas e Várzeas do Norte": "Sintriva"
    }


def test_what_has_a_name_and_is_no_organisation():
    draft = draft_of(
        "Global Civil Society asks for the Common Rivers Goals (CRGs) on the International Day of "
        "the Rivers. The VI WSX was held on 2 May.\n\nSIGN the letter.\n\nSHARE our demands."
    )

    assert names(draft) == {}


def test_names_of_other_languages_and_of_firms_are_found():
    draft = draft_of(
        "La marcha del 20 de mayo es coordinada por la European River Alliance for Clean Water, "
        "junto a la agencia Río Claro S.A. y a Greenpeace, con las vecinas de la ciudad."
    )

    assert {"European River Alliance for Clean Water", "Río Claro S.A.", "Greenpeace"} <= set(
        names(draft)
    )


def test_slogans_sessions_and_contents_are_no_lines_of_action():
    slogans = "Vamos parar no dia 20 de maio\n- contra a reforma\n- nenhum rio a menos\n"
    contents = (
        "Report of the meeting held on 5 May 2027\n1. Final report\n2. Decisions\n\n"
        "1. Final report\nThe delegates met in the hall and talked about the rivers.\n"
    )
    course = (
        "Curso de ríos\n• 1er módulo: aguas. Del 7 al 10 de junio.\n"
        "• 2do módulo: orillas. Del 12 al 15 de julio.\nInscripciones para el curso en la web.\n"
    )

    assert draft_of(slogans).lines == []
    assert draft_of(contents).lines == []
    assert draft_of(course).lines == []
    assert [(m.starts, m.ends) for m in draft_of(course).moments] == [
        (date(2027, 6, 7), date(2027, 7, 15))
    ]


def test_one_bullet_is_a_list_where_others_have_its_mark():
    draft = draft_of(
        "As associações definiram o seguinte calendário de atividades.\n\n8 a 12 de junho\n\n"
        "• Visitas às margens do rio\n• Oficinas nas escolas da cidade\n\n15 a 19 de junho\n\n"
        "• Ocupar a praça com barcos e bandeiras\n"
    )

    assert [one.value.split()[0] for one in draft.lines] == ["Visitas", "Oficinas", "Ocupar"]


@pytest.mark.parametrize(
    ("text", "issued"),
    [
        (
            "ACCUEIL\nDernière mise à jour :\njeudi 6 mai 2027\nDÉCLARATION DES RIVES\n"
            "samedi 17 avril 2027\nNous, réunis à la rivière, affirmons les droits des eaux.\n",
            "2027-04-17",
        ),
        (
            "Friday, May 7, 2027\n\nThe meeting of the River Committee was held on April 19th.\n"
            "It was about the banks.\nIt was about the boats.\nIt was about the fish.\n"
            "It was about the mills.\n\nRiver Committee\nApril 2027\n",
            "2027-04",
        ),
        (
            "Le lac et ses rives\nArticle mis en ligne le 5 mai 2027\nNous, les habitants du lac, "
            "affirmons les droits des eaux et des rives.\n",
            "2027-05-05",
        ),
        (
            "5 mai 2027 par Assemblée des rives\nLieu : la maison du lac\nLe rapport final de la "
            "rencontre est adopté par les délégués et par les habitants.\n",
            "2027-05-05",
        ),
    ],
)
def test_the_day_of_the_text_goes_before_that_of_its_page(text, issued):
    draft = draft_of(text)

    assert draft.issued.value == issued
    assert date(2027, 5, 6) not in {one.starts for one in (*draft.mentions, *draft.moments)}


def test_ordinals_addresses_and_day_numbers_are_no_days_and_no_figures():
    draft = draft_of(
        "We call on the 11th Ministerial to listen, and to read the letter: "
        "https://rivers.example/2027/05/13/letter for all of us and for the towns."
    )
    portuguese = draft_of("Para construir o dia 28 vamos às ruas da cidade com as pessoas.")

    assert draft.moments == []
    assert draft.mentions == []
    assert portuguese.figures == []


def test_a_month_of_action_is_a_moment_and_a_month_alone_is_none():
    month = draft_of("We call on all towns to make October 2027 a month of action for the rivers.")
    alone = draft_of("Durante el mes de octubre las vecinas llaman a cuidar el agua del río.")

    assert [(m.kind, m.starts, m.ends) for m in month.moments] == [
        ("month", date(2027, 10, 1), date(2027, 10, 31))
    ]
    assert alone.moments == []


def test_a_list_of_provinces_is_of_regions_to_its_end(places):
    told = draft_of(
        "La brigada visita las provincias de La Habana, Artemisa y Cienfuegos con las vecinas.",
        places,
    )
    inside = draft_of("La asamblea fue en Jalcomulco, Veracruz, con los pueblos del río.", places)
    alike = draft_of("Abrazamos a los pueblos de San Juan, Catamarca y Chubut.", places)
    compass = draft_of("Les dettes pèsent au Sud comme au Nord, en Amérique latine aussi.", places)

    assert {one.kind for one in (*told.places, *alike.places)} == {"region"}
    assert [(one.name, one.kind) for one in inside.places] == [
        ("Jalcomulco", "city"),
        ("Veracruz", "region"),
    ]
    assert [(one.name, one.kind) for one in compass.places] == [("Amérique latine", "region")]


def test_a_text_that_names_no_kind_but_a_day_to_come_is_taken_for_a_call_and_asked():
    draft = draft_of("Le 17 juin, nous serons toutes et tous devant la mairie avec des lampes.")

    assert draft.kind.value == "call"
    assert draft.kind.confidence < 0.3


def test_lines_that_one_long_address_follows_are_joined_still():
    lines = ["Las vecinas de la cuenca del río se reúnen este 20 de mayo con la Red de"] * 11
    text = "\n".join(
        [
            *lines[:4],
            "Huertas del Sur para cuidar el agua, la tierra y los caminos de todos",
            *lines[:6],
            "https://agua.example/" + "largo/" * 20,
        ]
    )

    assert "Red de Huertas del Sur" in names(draft_of(text))


def test_cities_of_one_list_are_found_in_arabic_too(places):
    draft = draft_of(
        "نداء من أجل الماء\n\nنحن في الشبكة ندعو إلى أن تقام المسيرات "
        "في القاهرة والرباط، دمشق وتونس.\n",
        places,
    )
    assert [one.name for one in draft.places] == ["القاهرة", "الرباط", "دمشق", "تونس"]


def test_arabic_commas_part_those_who_sign():
    draft = draft_of(
        "نداء من أجل الماء\n\nندعو إلى أن تكون المياه ملكًا عامًا في كل مكان.\n\n"
        "الموقعون: اتحاد نقابات المياه، جمعية أصدقاء الأرض؛ نقابة المعلمين\n"
    )
    assert issuers(draft) == ["اتحاد نقابات المياه", "جمعية أصدقاء الأرض", "نقابة المعلمين"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("El cierre será el 28 de mayo", "assembly"),
        ("Cierre de adhesiones: 28 de mayo", "deadline"),
    ],
)
def test_a_day_that_closes_a_week_is_no_deadline(words, kind):
    draft = draft_of(f"Llamamos a las organizaciones.\n\n{words}, con una asamblea en la plaza.\n")
    assert [one.kind for one in draft.moments] == [kind]


def test_all_who_organise_are_named_and_a_campaign_without_quotation_marks():
    draft = draft_of(
        "Dear friends, read this to the end.\n\nThe campaign Let Rivers Run is organized by the "
        "River Peoples Assembly (RPA), the Union of Ferries and Boats, along with the Network of "
        "Mills. We want more than one million signatures against US plans, and US people too."
    )

    assert issuers(draft) == [
        "River Peoples Assembly",
        "Union of Ferries and Boats",
        "Network of Mills",
    ]
    assert [one.value for one in draft.campaigns] == ["Let Rivers Run"]
    assert [(f.value, f.qualifier) for f in draft.figures] == [(1_000_000, "over")]


def test_a_list_in_brackets_whose_half_are_organisations_is_one_of_them():
    draft = draft_of(
        "Plusieurs groupes de la ville (Réseau des amis des rives, EAPX, Marches unies) appellent "
        "à marcher le 20 mai pour les rivières et pour les habitants."
    )

    assert set(names(draft)) == {"Réseau des amis des rives", "EAPX", "Marches unies"}


def test_what_is_quoted_far_behind_the_word_is_no_campaign():
    draft = draft_of(
        "Lanciamo una storica campagna di rimozione del fiume dalla “lista nera” del governo, con "
        "le associazioni della città e con gli abitanti."
    )

    assert draft.campaigns == []


def test_an_organ_speaks_for_whose_it_is_and_what_is_on_banners_is_no_action():
    draft = draft_of(
        "The Council of the General Confederation of Ferry Unions calls on all members to march "
        "on 1 June under the slogans that unite the workers of the rivers\n\n"
        "• The river belongs to all of us\n• We refuse to pay for the dam\n"
    )

    assert issuers(draft) == ["General Confederation of Ferry Unions"]
    assert draft.lines == []
