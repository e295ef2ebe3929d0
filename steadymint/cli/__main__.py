"""`python -m steadymint.cli`: the same as `steadymint`."""

from steadymint.cli.main import app

app(prog_name="steadymint")
