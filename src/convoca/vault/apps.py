from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "convoca.vault"

    def ready(self) -> None:
        from convoca.vault import purging  # noqa: F401, PLC0415  app ready
