"""A page for families with every kind of field, to look at in each language."""

from __future__ import annotations

from flask import Blueprint, render_template_string

from people.web.guard import public

PAGE = """
{% extends 'family.html' %}
{% from 'govuk_frontend_jinja/components/button/macro.html' import govukButton -%}
{% from 'govuk_frontend_jinja/components/checkboxes/macro.html' import govukCheckboxes -%}
{% from 'govuk_frontend_jinja/components/error-summary/macro.html' import govukErrorSummary -%}
{% from 'govuk_frontend_jinja/components/radios/macro.html' import govukRadios -%}
{% from 'govuk_frontend_jinja/components/textarea/macro.html' import govukTextarea -%}
{% block title %}ایک سوال{% endblock %}
{% block main %}
<form method="post">
  {{ govukErrorSummary({'titleText': 'ایک مسئلہ ہے', 'errorList': [{'text': 'ایک جواب چنیں', 'href': '#q'}]}) }}
  {{ govukRadios({'idPrefix': 'q', 'name': 'q', 'errorMessage': {'text': 'ایک جواب چنیں'},
    'fieldset': {'legend': {'text': 'آپ کی بات کتنی اچھی طرح سنی گئی؟', 'isPageHeading': true,
      'classes': 'govuk-fieldset__legend--l'}},
    'items': [{'value': '1', 'text': 'بالکل نہیں'}, {'value': '5', 'text': 'بہت اچھی طرح'}]}) }}
  {{ govukCheckboxes({'name': 'c', 'items': [{'value': 'a', 'text': 'میں متفق ہوں'}]}) }}
  {{ govukTextarea({'name': 't', 'id': 't', 'label': {'text': 'کچھ اور بتانا چاہیں گے؟'}}) }}
  {{ govukButton({'text': 'آگے بڑھیں'}) }}
</form>
{% endblock %}
"""


def family_pages() -> Blueprint:
    """Return the page as a blueprint."""
    pages = Blueprint("family", __name__)

    @pages.get("/family")
    @public("a page for families")
    def family() -> str:
        return render_template_string(PAGE)

    return pages
