"""Template filters: figures and days are written the same way on every page."""

from django import template

from areas import vietnamese

register = template.Library()
register.filter("number", vietnamese.number)
register.filter("signed", vietnamese.signed)
register.filter("money", vietnamese.money)
register.filter("short_money", vietnamese.short_money)
register.filter("day", vietnamese.day)
