"""What an agency publishes by itself, a module a kind: rosters, checklists, regulations, guides …

Each says how it is read from ``content/``; most also make its pages. Flowcharts stand apart.
"""
