"""The formats of `customers.formats`, amounts in won, and masks of free words, as template filters."""

from django import template

from customers import formats, masking, numbering, wording

register = template.Library()

register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("amount", formats.amount)
register.filter("won", wording.in_won)
register.filter("phone", formats.phone)
register.filter("business_number", formats.business_number)
register.filter("customer_number", numbering.written_number)
register.filter("without_resident_numbers", masking.without_resident_numbers)
