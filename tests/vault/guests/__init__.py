"""An app of the tests' own: what an app above does with the vault."""
