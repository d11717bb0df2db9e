from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "convoca.campaigns"

    def ready(self) -> None:
        from convoca.campaigns import call, hooks, tasks  # noqa: F401, PLC0415  app ready

        call.register()
        hooks.register()
