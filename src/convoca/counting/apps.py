from django.apps import AppConfig


class CountingConfig(AppConfig):
    name = "convoca.counting"

    def ready(self) -> None:
        from convoca.counting import hooks, tasks  # noqa: F401, PLC0415  app ready

        hooks.register()
