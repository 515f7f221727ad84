"""The formats of `customers.formats` as template filters."""

from django import template

from customers import formats, numbering

register = template.Library()

register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("amount", formats.amount)
register.filter("won", formats.won)
register.filter("phone", formats.phone)
register.filter("business_number", formats.business_number)
register.filter("customer_number", numbering.written_number)
