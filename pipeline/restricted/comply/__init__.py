"""The office's internal report: where the handling of cases falls short of the three systems.

Nothing of it crosses the wall. Checks are data (``policies/checks/*.toml``); the few kinds
of rules stand in :mod:`rules`; :mod:`run` puts both to the ledger and the private tables.
"""
