from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "convoca.texts"

    def ready(self) -> None:
        from convoca.core.tick import every_day  # noqa: PLC0415  app ready
        from convoca.texts import receivers, services  # noqa: F401, PLC0415  app ready

        every_day(services.forget_withdrawn)
        every_day(services.forget_old)
        every_day(services.tell_of_new)
