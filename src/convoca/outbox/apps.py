from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "convoca.outbox"

    def ready(self) -> None:
        from django.conf import settings  # noqa: PLC0415  app ready

        from convoca.outbox import tick  # noqa: F401, PLC0415  app ready
        from convoca.outbox.holdings import register_mails  # noqa: PLC0415  app ready
        from convoca.outbox.transport import read_mail_url  # noqa: PLC0415  app ready

        register_mails()
        read_mail_url(settings.CONFIG)  # a wrong mail_url stops the start with a sentence
