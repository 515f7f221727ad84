"""How dates are written, per language, where a template or the administration leaves it to Django."""
