"""Reading a call: text in, draft out. Pure: no Django, no network, nothing kept.

Imports nothing but core and the table of places. `docs/develop/reading.md` says how it works.
"""
