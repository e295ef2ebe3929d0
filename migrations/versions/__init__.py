"""One file per service. Forward-only: there is no way back but a new migration."""
