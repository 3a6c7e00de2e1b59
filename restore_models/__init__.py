"""The models that the field compares, one readable file each, trained from the corpora of `degrade`."""
