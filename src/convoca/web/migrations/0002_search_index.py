"""The full-text index: FTS5 over the entries on SQLite, `tsvector('simple')` on PostgreSQL."""

from django.db import migrations

SQLITE = [
    "CREATE VIRTUAL TABLE web_search USING fts5("
    "words, content='web_searchentry', content_rowid='id', tokenize=\"unicode61 remove_diacritics 0\")",
    "CREATE TRIGGER web_search_added AFTER INSERT ON web_searchentry BEGIN "
    "INSERT INTO web_search(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER web_search_gone AFTER DELETE ON web_searchentry BEGIN "
    "INSERT INTO web_search(web_search, rowid, words) VALUES ('delete', old.id, old.words); END",
]
POSTGRESQL = [
    "CREATE INDEX web_search ON web_searchentry USING gin (to_tsvector('simple', words))",
]


def make(apps, schema_editor):
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("web_search_added", "web_search_gone"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        schema_editor.execute("DROP TABLE IF EXISTS web_search")
    else:
        schema_editor.execute("DROP INDEX IF EXISTS web_search")


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial")]
    operations = [migrations.RunPython(make, remove)]
