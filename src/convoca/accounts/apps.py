from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "convoca.accounts"

    def ready(self) -> None:
        from convoca.accounts import receivers, tasks  # noqa: F401, PLC0415  app ready

        post_migrate.connect(receivers.make_cache_table, sender=self)
