"""Who sources are: said by stewards."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.counting.models import Source
from convoca.network.models import Mandate


def source_called(name: str, *, kind: str, under: Mandate) -> Source:
    """The source of this name, of whatever kind it is; noted as one of this kind where it is new.
    In the caller's transaction.
    """
    source, is_new = Source.objects.get_or_create(name=name, defaults={"kind": kind})
    if is_new:
        audit.record("source.added", about=source, under=under)
    return source


@transaction.atomic
def keep_source(source: Source, *, under: Mandate, **facts: Any) -> Source:
    """Note a new source, or what is said of one that is known."""
    if source.pk and source.kind == Source.Kind.HOSTS:
        raise Refusal("source-hosts", _("The hosts themselves need no more words."))
    is_new = source.pk is None
    for name, value in facts.items():
        setattr(source, name, value)
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as error:
        raise Refusal("source-known", _("There is a source of this name already.")) from error
    audit.record("source.added" if is_new else "source.edited", about=source, under=under)
    return source
