"""The folder that is released: manifest and swap, signature, compressed twins, what is gone."""
