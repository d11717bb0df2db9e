from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "convoca.pages"

    def ready(self) -> None:
        from convoca.pages import receivers  # noqa: F401, PLC0415  app ready
