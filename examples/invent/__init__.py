"""Invented people, companies, decisions and files for the demonstration exports."""
