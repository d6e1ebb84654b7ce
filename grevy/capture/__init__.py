"""The application that sites work in: an append-only ledger, its actions, permissions, policies and pages."""
