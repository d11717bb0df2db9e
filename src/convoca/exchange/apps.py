from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "convoca.exchange"

    def ready(self) -> None:
        from convoca.exchange import hooks, tasks  # noqa: F401, PLC0415  app ready

        hooks.register()
