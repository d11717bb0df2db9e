from django.apps import AppConfig


class CountingConfig(AppConfig):
    name = "convoca.counting"

    def ready(self) -> None:
        from convoca.counting import hooks, receivers, tasks  # noqa: F401, PLC0415  app ready
        from convoca.counting.holdings import register_people  # noqa: PLC0415  app ready

        register_people()
        hooks.register()
