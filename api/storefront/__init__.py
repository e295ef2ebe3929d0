"""The storefront: the built pages of `web/`, with a head for each address that search engines and messengers read."""
