from django.apps import AppConfig


class DraftingConfig(AppConfig):
    name = "convoca.drafting"

    def ready(self) -> None:
        from convoca.drafting import hooks, tasks  # noqa: F401, PLC0415  app ready

        hooks.register()
