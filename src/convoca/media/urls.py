from django.urls import path

from convoca.media import views

app_name = "media"
urlpatterns = [path("media/<str:name>", views.file, name="file")]
