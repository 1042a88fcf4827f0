"""How a file that the office wrote is read without trust: tables, Markdown, Word, plain text.

What is wrong with it is gathered, and told all at once.
"""
