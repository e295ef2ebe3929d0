"""Reads addresses that strangers wrote: token URIs, and the media that their documents name."""
