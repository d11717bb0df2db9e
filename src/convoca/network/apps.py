from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "convoca.network"

    def ready(self) -> None:
        from convoca.network import receivers  # noqa: F401, PLC0415  app ready
