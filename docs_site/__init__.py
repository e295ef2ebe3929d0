"""The documentation as a site: `make docs` builds it into `.steadymint/docs/html`.

The pages are those of `docs/`; the references are generated from the OpenAPI document, from `docs/schema.graphql` if it
is there, and from the schemas of webhooks. Nothing that the site shows comes from another server.
"""
