"""The record of what security should know of, and the settings that an operator changes while everything runs."""
