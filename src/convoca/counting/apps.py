from django.apps import AppConfig


class CountingConfig(AppConfig):
    name = "convoca.counting"

    def ready(self) -> None:
        from convoca.counting import hooks  # noqa: PLC0415  app ready

        hooks.register()
