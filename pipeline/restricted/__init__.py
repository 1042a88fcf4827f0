"""The only code that may see raw personal data. Nothing in ``public`` imports it."""
