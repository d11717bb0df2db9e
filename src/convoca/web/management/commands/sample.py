"""Make the demo's sample network fit for today, and say whom one can sign in as."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convoca.web.sample import ROLES, refresh


class Command(BaseCommand):
    help = "Load the sample network, or bring its days near today. Only for a demo."

    def handle(self, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("The sample network goes into a demo only: convoca demo")
        kept, weeks = refresh(settings.CONVOCA_HOME, today=timezone.localdate())
        roles = [{"address": role.email, "words": str(role.words)} for role in ROLES]
        self.stdout.write(json.dumps({"kept": kept.value, "weeks": weeks, "roles": roles}))
