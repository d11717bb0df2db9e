from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "convoca.web"

    def ready(self) -> None:
        from django.conf import settings  # noqa: PLC0415  app ready

        from convoca.outbox.services import set_letterhead  # noqa: PLC0415  app ready
        from convoca.web import logs, mirrored, receivers, removals  # noqa: F401, PLC0415  app ready
        from convoca.web.letterhead import letterhead  # noqa: PLC0415  app ready

        logs.configure(settings.CONFIG.log_format)
        set_letterhead(letterhead)
