"""The audit trail: `from convoca.audit import services as audit`, then `audit.record(…)`."""
