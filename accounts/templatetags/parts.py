"""Parts that stand on a page by the hundred, so that a template of their own would cost more than they say."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, **more: str) -> SafeString:
    """A decorative icon. name: a line of config/assets/icons.txt; class: a class of its own."""
    return _icon(str(name), str(more.get("class", "")))


@register.simple_tag(takes_context=True)
def badge(context: template.Context, **given: object) -> SafeString:
    """A state in words and colour, never by colour alone. text; tone (green, yellow, red, azure, blue, secondary;
    without it secondary); icon; each from around where it is not given."""
    text, tone, name = (given[each] if each in given else context.get(each, "") for each in ("text", "tone", "icon"))
    drawn = _icon(str(name), "icon-inline") if name else ""
    return format_html('<span class="badge bg-{}-lt">{}{}</span>', tone or "secondary", drawn, text)


@lru_cache(maxsize=1024)
def _icon(name: str, css: str) -> SafeString:
    return format_html(
        '<svg class="icon {}" width="20" height="20" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        css,
        static("vendor/icons/sprite.svg"),
        name,
    )
