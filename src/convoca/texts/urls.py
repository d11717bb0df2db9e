"""Where texts are written, translated, reviewed, and corrected by readers."""

from django.urls import path

from convoca.texts.views import boards, offline, reviewing, source, suggestions, translating

app_name = "texts"

_TEXT = "work/translate/<slug:code>"
_IN = f"{_TEXT}/in/<slug:language>"

urlpatterns = [
    path("work/translate/", boards.queue, name="queue"),
    path("work/translate/board/", boards.board, name="board"),
    path("work/translate/board/export/", boards.board_export, name="board-export"),
    path(f"{_TEXT}/", boards.text, name="text"),
    path(f"{_TEXT}/open/", boards.open_language, name="open"),
    path(f"{_TEXT}/authority/", boards.authority, name="authority"),
    path(f"{_TEXT}/versions/", boards.versions, name="versions"),
    path(f"{_TEXT}/source/", source.source, name="source"),
    path(f"{_TEXT}/source/autosave/", source.source_autosave, name="source-autosave"),
    path(f"{_TEXT}/source/merge/", source.source_merge, name="source-merge"),
    path(f"{_TEXT}/publish/", source.publish, name="publish"),
    path(f"{_IN}/", translating.translation, name="translation"),
    path(f"{_IN}/paragraph/<int:key>/", translating.paragraph, name="paragraph"),
    path(f"{_IN}/merge/", translating.merge, name="merge"),
    path(f"{_IN}/review/", reviewing.review, name="review"),
    path(f"{_IN}/withdraw/", boards.withdraw, name="withdraw"),
    path(f"{_IN}/restore/", boards.restore, name="restore"),
    path(f"{_IN}/export/", offline.export, name="export"),
    path(f"{_IN}/import/", offline.import_file, name="import"),
    path(f"{_IN}/suggestions/", suggestions.suggestions, name="suggestions"),
    path(f"{_IN}/suggestions/<int:pk>/", suggestions.decide, name="decide"),
    path(
        "texts/<slug:code>/<slug:language>/suggest/<int:key>/", suggestions.suggest, name="suggest"
    ),
    path(
        "texts/<slug:code>/<slug:language>/suggest/<int:key>/send/",
        suggestions.suggest_send,
        name="suggest-send",
    ),
    path("texts/<slug:code>/<slug:language>/thanks/", suggestions.suggested, name="suggested"),
]
