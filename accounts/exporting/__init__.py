"""Files made from lists: which lists there are, how many rows a role may take, and how the files are written.

Each app names its lists in `settings.EXPORT_LISTS`; `accounts.services.exports` makes the files and keeps the register.
"""
