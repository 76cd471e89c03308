"""Who stated an outcome is said by whoever fills in the form; what was published keeps what it said."""

import json
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def take_over_what_was_published(apps: Any, schema_editor: Any) -> None:
    """Of a published meeting the form begins with what its latest entry says; of a draft nobody was asked yet."""
    items = apps.get_model("commitments", "AgendaItem").objects.using(schema_editor.connection.alias)
    organisations = apps.get_model("meetings", "Organisation").objects.using(schema_editor.connection.alias)
    entries = apps.get_model("ledger", "Entry").objects.using(schema_editor.connection.alias)
    stated = items.exclude(outcome__in=["", "not_discussed"]).exclude(pledge=None).exclude(meeting__stream=None)
    for item in stated.select_related("pledge"):
        said = [
            _fields(each) for each in entries.filter(stream=item.pledge.stream_id, kind="review").order_by("number")
        ]
        of_meeting = [each for each in said if each.get("meeting") == item.meeting_id]
        slug = of_meeting[-1].get("agreed_with") if of_meeting else None
        if slug:
            item.agreed_with = organisations.filter(slug=slug).first()
            item.save(update_fields=["agreed_with"])


def _fields(entry: Any) -> dict[str, Any]:
    return {name: json.loads(field["value"]) for name, field in json.loads(entry.content).items()}


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0006_agenda"),
        ("ledger", "0001_streams_and_entries"),
        ("meetings", "0006_attendance_may_be_unsaid"),
    ]

    operations = [
        migrations.AddField(
            model_name="agendaitem",
            name="agreed_with",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="meetings.organisation",
                verbose_name="stated together with",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreed_with__isnull", True),
                    models.Q(("outcome__in", ["", "not_discussed"]), _negated=True),
                    _connector="OR",
                ),
                name="agenda_agreed_if_stated",
                violation_error_message="What was not discussed was stated by nobody.",
            ),
        ),
        migrations.RunPython(take_over_what_was_published, migrations.RunPython.noop),
    ]
