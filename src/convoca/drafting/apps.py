from django.apps import AppConfig


class DraftingConfig(AppConfig):
    name = "convoca.drafting"

    def ready(self) -> None:
        from convoca.drafting import hooks  # noqa: PLC0415  app ready

        hooks.register()
