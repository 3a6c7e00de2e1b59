"""Corpora: clean photographs into sharded datasets of pairs, resumable, the same bytes whoever makes them."""
