"""Words that say nothing of an action in particular, folded, in the languages we meet most.

They only keep "de la" or "protest" from counting as something that two reports share. A language
that is not here loses little: its filler words are weighed like rare ones.
"""

_WORDS = (
    # English
    "the a an and or of in on at to for from by with near s is are was were be as it its his her "
    "their this that will about more than during general people "
    "protest protests protesting protester protesters protestor protestors demonstration "
    "demonstrations demonstrators rally rallies rallying event "
    # Spanish, Portuguese, Catalan, Italian, French
    "el la los las un una unos unas de del y e o u en a al por para con sin que se su sus es no "
    "os as um uma do da dos das em no na nos nas ao pelo pela com i els les amb per il lo gli "
    "uno di dello della dei degli delle nel nella che le l d des du et ou au aux dans sur pour "
    "par avec qui est ce cette leur leurs contre contra "
    "protesta protestas manifestacion manifestaciones marcha concentracion manifestacao "
    "manifestacio manifestazione manifestation manifestations rassemblement rassemblements "
    # German, Dutch, Nordic
    "der die das den dem ein eine einen einer und oder in im am an auf fur von vom zu zum zur mit "
    "gegen bei ist het een van voor met tegen op en och i pa av med mot til "
    "demo demonstrationen kundgebung versammlung demonstratie betoging "
    # Polish, Turkish, Greek, Russian
    "z w i na do o za dla przeciw protestu ve ile icin bir bu eylem eylemi "
    "ο η το οι τα του της των και για με στο στη στην απο κατα "
    "и в во на с со за против для по о у не "
    # Arabic
    "في من على الى عن مع ضد و ان هذا هذه امام وقفه مسيره مظاهره "
)
FILLERS = frozenset(_WORDS.split())

_FOR = (
    "for pro support supporting supports supporters favor favour defend defending save saving "
    "protect protecting solidarity celebrate celebrating demand demanding seek seeking want "
    "favor apoyo apoyar defensa defender por pela pelo apoio defesa pour soutien soutenir defendre "
    "sauver sauvons fur unterstutzen unterstutzung per sostegno difesa voor steun for till za ile "
    "icin για υπερ за من اجل دعم تضامن"
)
_AGAINST = (
    "against anti oppose opposing opposes opposed opposition stop stopping no not reject rejecting "
    "denounce denouncing condemn condemning protest protesting protests end ending abolish "
    "contra rechazo rechazar alto basta nao contre non halte gegen stoppt nein contro tegen "
    "nee mot przeciw karsi hayir κατα εναντια οχι против нет ضد لا رفض"
)
STANCES = {**dict.fromkeys(_FOR.split(), 1), **dict.fromkeys(_AGAINST.split(), -1)}
"""What a word says of the words after it in its phrase: for, or against."""

KINDS_OF_TOWN = frozenset(
    {
        "county",
        "city",
        "town",
        "township",
        "village",
        "district",
        "municipality",
        "parish",
        "north",
        "south",
        "east",
        "west",
        "new",
        "san",
        "santa",
        "saint",
        "st",
        "fort",
        "port",
        "lake",
        "of",
        "the",
        "de",
        "la",
        "el",
        "los",
        "las",
        "del",
        "le",
        "les",
        "sur",
        "am",
        "bei",
    }
)
"""Words of a town's name that many towns share."""

COUNTER = (
    "counter", "contramanif", "contraprotest", "contramarcha", "contraconcentr", "contremanif",
    "contrerassembl", "contromanif", "gegendemo", "gegenprotest", "gegenkundgebung", "tegendemo",
    "tegenprotest", "kontrmanif", "контрм", "αντιδιαδηλ", "αντισυγκ", "motdemo",
)  # fmt: skip
"""How a word begins that says: against another action, in the same place at the same time."""
