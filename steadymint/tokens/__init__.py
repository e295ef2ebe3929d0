"""The fungible-token minter."""
