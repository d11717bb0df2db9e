"""One action as facts, in three languages and in its bad days."""

from dataclasses import replace
from datetime import date

from convoca.actions.printing.facts import Expected, PosterFacts, SheetFacts, words_of_days
from convoca.core.ink import ink

DAY = date(2027, 6, 12)
URL = "https://rivers.example/a/7KQ2"

ENGLISH = PosterFacts(
    title="March for the river",
    lang="en",
    ink=ink("petrol"),
    short_address="rivers.example/a/7KQ2",
    url=URL,
    kind="March",
    clock="18:00 Central European Summer Time",
    place=("Ljubljana", "Prešeren Square, by the fountain"),
    hosts=("River Committee Ljubljana", "Library Workers’ Union"),
    campaign="Rivers for all",
    network="Rivers Network",
    **words_of_days(DAY, None, "en"),
)
SPANISH = replace(
    ENGLISH,
    title="Marcha por el río",
    lang="es",
    kind="Marcha",
    clock="18:00 hora de Chile",
    place=("Valparaíso", "Plaza Sotomayor"),
    hosts=("Comité del Río", "Sindicato de Bibliotecas"),
    campaign="Ríos para todos",
    **words_of_days(DAY, date(2027, 6, 14), "es"),
)
ARABIC = replace(
    ENGLISH,
    title="مسيرة من أجل النهر",
    lang="ar",
    kind="مسيرة",
    clock="18:00 بتوقيت شرق أوروبا الصيفي",
    place=("القاهرة", "ميدان التحرير"),
    hosts=("لجنة النهر في القاهرة", "Nile Watch"),
    campaign="أنهار للجميع",
    network="شبكة الأنهار",
    **words_of_days(DAY, None, "ar"),
)
GERMAN = replace(
    ENGLISH,
    title="Donaudampfschifffahrtsgesellschaftsmitarbeiterversammlung für die Flüsse",
    lang="de",
    **words_of_days(DAY, None, "de"),
)
CANCELLED = replace(ENGLISH, state="Cancelled", is_off=True)
UNSET = replace(
    ENGLISH, state="Date not set", clock="", day="", month="", weekday="", date_words=""
)
HOSTILE = replace(
    ENGLISH,
    title='#import "x": * \\ $a$ *b* _c_ [d] <e> @f `g` // #panic("no") 🌊 مرحبا ' + "W" * 100,
    hosts=('#read("/etc/passwd")', "</svg><script>alert(1)</script>"),
    place=("= Heading", "{{ 7*7 }}"),
)
UNPRINTABLE = replace(ENGLISH, title="ወንዝ ለሁሉም", title_lang="am")


def sheet_of(action: PosterFacts = ENGLISH, consent: str = "") -> SheetFacts:
    return SheetFacts(
        action,
        printed_on=date(2027, 6, 1),
        destroy_by=date(2027, 6, 26),
        names=(Expected("Ana Kovač", 2), Expected("محمد الأمين"), Expected("#show: x", 3)),
        blank_lines=40,
        consent=consent,
    )
