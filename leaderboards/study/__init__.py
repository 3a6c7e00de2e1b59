"""Blind studies: people say which of two restorations is better, and models and metrics are judged by that."""
