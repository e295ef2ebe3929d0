"""Stories in real Chromium: what people do with the storefront, by clicking."""
