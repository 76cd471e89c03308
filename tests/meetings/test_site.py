"""The tags of every page."""

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory


@pytest.mark.parametrize(
    ("path", "language", "address"),
    [
        ("/pledges/?q=1", "fr", "/fr/pledges/?q=1"),
        ("/fr/pledges/?q=1", "ar", "/pledges/?q=1"),
        ("/en/", "fr", "/fr/"),
        ("/fr", "ar", "/"),
        ("/fr//evil.example/", "ar", "/evil.example/"),
        ("/french/", "ar", "/french/"),
    ],
)
def test_a_page_has_an_address_of_this_site_in_each_language(path: str, language: str, address: str) -> None:
    template = Template("{% load site %}{% autoescape off %}{% translated_url language %}{% endautoescape %}")
    request = RequestFactory().get(path)
    assert template.render(Context({"request": request, "language": language})) == address


def test_a_page_that_is_not_there_leads_to_no_other_site(db: None) -> None:
    assert 'href="//' not in Client().get("/fr//evil.example/").content.decode()
