"""What pages show: the ledger's current state read in few queries, as frozen dataclasses. Writes nothing."""
