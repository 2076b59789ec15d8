"""Schemes as files: the shipped ones (*.toml), reading, checking, explaining in prose, and writing as rows.

reader, values, keys, lines, checks, words, prose and gaps are PURE; rows alone knows the database.
"""
