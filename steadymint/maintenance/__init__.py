"""The care of the database: backups that are tested, a diagnosis, and vacuuming."""
