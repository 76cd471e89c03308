"""In the admin, administrators and auditors look at the ledger, and nobody touches it."""

import pytest
from django.test import Client
from django.urls import reverse

from ledger.models import Checkpoint, Entry, Position, Stream
from tests.factories import UserFactory

MODELS = ["stream", "entry", "position", "checkpoint"]
READERS = ["administrator", "auditor"]


def sign_in(client: Client, role: str) -> None:
    client.force_login(UserFactory.create(email=f"{role}@example.org", site_role=role))


def some_pk(model: str) -> int:
    rows = {"stream": Stream, "entry": Entry, "position": Position, "checkpoint": Checkpoint}
    return int(rows[model]._default_manager.values_list("pk", flat=True)[0])


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("model", MODELS)
def test_readers_see_lists_and_rows(log: Stream, client: Client, role: str, model: str) -> None:
    sign_in(client, role)
    page = client.get(reverse(f"admin:ledger_{model}_changelist"))
    assert page.status_code == 200
    row = client.get(reverse(f"admin:ledger_{model}_change", args=[some_pk(model)]))
    assert row.status_code == 200
    assert b'name="_save"' not in row.content


@pytest.mark.parametrize("role", ["moderator", ""])
@pytest.mark.parametrize("model", MODELS)
def test_nobody_else_sees_anything(log: Stream, client: Client, role: str, model: str) -> None:
    sign_in(client, role)
    for address in (
        reverse(f"admin:ledger_{model}_changelist"),
        reverse(f"admin:ledger_{model}_change", args=[some_pk(model)]),
    ):
        assert client.get(address).status_code == (403 if role else 302)


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("model", MODELS)
def test_nobody_adds_changes_or_deletes(log: Stream, client: Client, role: str, model: str) -> None:
    sign_in(client, role)
    pk = some_pk(model)
    assert client.get(reverse(f"admin:ledger_{model}_add")).status_code == 403
    assert client.post(reverse(f"admin:ledger_{model}_change", args=[pk]), {"name": "x"}).status_code == 403
    assert client.post(reverse(f"admin:ledger_{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
    client.post(reverse(f"admin:ledger_{model}_changelist"), chosen)
    assert some_pk(model) == pk


@pytest.mark.parametrize("role", READERS)
def test_sealed_words_stay_sealed(log: Stream, client: Client, role: str) -> None:
    sign_in(client, role)
    entry = log.entries.get(number=2)
    assert entry.fields["place"] == "the square"
    page = client.get(reverse("admin:ledger_entry_change", args=[entry.pk])).content.decode()
    assert "on Mondays" in page
    assert "the square" not in page


def test_an_auditor_sees_who_wrote(log: Stream, client: Client) -> None:
    sign_in(client, "auditor")
    page = client.get(reverse("admin:ledger_entry_change", args=[log.entries.get(number=1).pk])).content.decode()
    assert "someone@example.org" in page
