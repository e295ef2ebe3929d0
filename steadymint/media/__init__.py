"""Uploaded pictures and other content-addressed bytes: checked, stored, shown in several sizes."""
