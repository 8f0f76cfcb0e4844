"""Contracts of the tables that everything else trusts: validate once, trust after."""
