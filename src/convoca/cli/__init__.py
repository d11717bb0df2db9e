"""The `convoca` command. Its words are English and stable: scripts depend on them."""
