"""Makes the generated parts of the Python client of the API's document."""
