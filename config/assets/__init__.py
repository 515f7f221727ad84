"""The frameworks' stylesheets, scripts, fonts and icons, and a browser for tests, built from locked npm packages.

Nothing of them is under version control, and nothing is loaded from elsewhere when a page is shown.
"""
