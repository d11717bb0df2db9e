from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "convoca.actions"

    def ready(self) -> None:
        from convoca.actions import description, hooks, tasks  # noqa: F401, PLC0415  app ready
        from convoca.actions.holdings import register_people  # noqa: PLC0415  app ready

        description.register()
        register_people()
        hooks.register()
