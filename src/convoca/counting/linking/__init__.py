"""Recognising that two sources report the same action. Needs no Django and no database.

`Linker.shipped().link(ours, theirs)` links two lists in one go; `Index` keeps records and says how
those near a new one score. How it works and what it cannot tell: docs/develop/linking.md.
"""
