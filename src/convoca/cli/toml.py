"""The file of settings: written once with every key explained, then only changed line by line."""

import json
import re

COMMENTED = """\
# The settings of this installation of Convoca. A line that begins with # is not in force.
# Each can also be set in the environment: url as CONVOCA_URL, or CONVOCA_URL_FILE for a file
# that holds the value. After a change, restart the server.

# The public address: scheme, name and, if it is not the usual one, port.
# url = "https://convoca.example.org"

# Names that this site once had: requests to them are redirected, so that links live on.
# former_hosts = ["old.example.org"]

# Other addresses of this site, such as one in Tor: copies of it (convoca mirror) lead there too.
# mirror_alternatives = ["http://name.onion"]

# Where the server listens, and how many proxies stand before it and set X-Forwarded-For.
# A public installation needs one that speaks TLS.
# bind = "127.0.0.1"
# port = 8000
# trusted_proxies = 1

# The sender of all mail, and the server that takes it: smtp:// (STARTTLS) or smtps://.
# mail_from = "Convoca <convoca@example.org>"
# mail_url = "smtp://user:password@mail.example.org:587"

# The most mails a minute, if the provider has a limit; 0 is none.
# mail_per_minute = 0

# The name under which the provider publishes our DKIM key; for convoca check mail.
# dkim_selector = "mail"

# Empty is SQLite in this folder: right for most. Else PostgreSQL, docs/operate/postgresql.md
# database_url = "postgres://user:password@host/name"

# Counters shared by several hosts; empty is the database.
# cache_url = "redis://host:6379/0"

# The largest request, in megabytes.
# upload_max_mb = 25

# console for people, json for machines.
# log_format = "console"
"""


def with_key(text: str, name: str, value: str | int | bool) -> str:
    """The text with one key set: in the place of its old line or comment, else at the end."""
    line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
    for pattern in (rf"(?m)^{name}\s*=.*$", rf"(?m)^#\s*{name}\s*=.*$"):
        if re.search(pattern, text):
            return re.sub(pattern, lambda _found: line, text, count=1)
    return f"{text.rstrip()}\n{line}\n"
