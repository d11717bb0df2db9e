from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "convoca.places"

    def ready(self) -> None:
        from convoca.places import tasks  # noqa: F401, PLC0415  app ready
