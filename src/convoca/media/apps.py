from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "convoca.media"

    def ready(self) -> None:
        from convoca.media import tasks  # noqa: F401, PLC0415  app ready
