"""Texts of our own to start from, and who reads them."""

from datetime import date

import pytest

from convoca.drafting import services
from tests.campaigns.conftest import campaign, draft, steward, week  # noqa: F401  fixtures

CALL_ES = """CONVOCATORIA: LOS PUENTES SON DE TODOS

Lisboa, 10 de enero de 2027

La Union of Port Workers y la Red Ibérica de Barqueros (RIB) llamamos a una jornada de acción el \
sábado 13 de marzo de 2027 en Asunción, Paraguay.

Proponemos a las organizaciones amigas:

1. Abrir cada puente a quienes caminan.
2. Contar cuántas personas pasan, en más de 40 ciudades.

La asamblea será del 5 al 7 de junio de 2027 en Montevideo, Uruguay.
"""
CALL_FR = """APPEL : LES PONTS SONT À TOUT LE MONDE

Lisbonne, le 10 janvier 2027

La Union of Port Workers et le Réseau Ibérique des Bateliers (RIB) appellent à une journée \
d'action le samedi 13 mars 2027 à Asunción, Paraguay.

Nous proposons aux organisations amies :

1. Ouvrir chaque pont à celles et ceux qui marchent.
2. Compter combien de personnes passent, dans plus de 40 villes.

L'assemblée aura lieu du 5 au 7 juin 2027 à Montevideo, Uruguay.
"""
REPORT = """Rede das Pontes conclui assembleia

Praia, 26 de março de 2027 – Mais de 350 pessoas de 8 países participaram, no passado dia 22, da \
III Assembleia da Rede das Pontes (RDP), realizada na cidade da Praia, em Cabo Verde.

A assembleia ouviu primeiro Graça Lopes, que recordou as pontes construídas por mutirão. Falaram \
depois representantes das comunidades.

O Secretariado da Rede das Pontes
"""


@pytest.fixture
def read_es(bo, union):
    return services.keep(CALL_ES, received_on=date(2027, 1, 11), by=bo)


def posted(page, **more) -> dict:
    """What the browser would send of a draft's page as it stands, with some fields otherwise."""
    sent = {}
    for form in page.context["answers"].all:
        for name in form.fields:
            field = form[name]
            value = field.value()
            if name == "convenors":
                sent[field.html_name] = [str(one) for one in value or []]
            elif name == "place" and field.html_name == "new-places-place":
                continue
            elif value not in (None, ""):
                sent[field.html_name] = str(value)
    return {**sent, **more}


def address(read) -> str:
    return f"/en/work/campaigns/start/text/{read.code}/"
