"""The engine inside other libraries, and theirs inside it."""
