"""Decisions that people make about places, and the record of them."""
