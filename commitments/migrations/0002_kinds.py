"""The kinds of pledge that every installation starts with."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from commitments.kinds import ensure_kinds


def add_kinds(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add those that are missing."""
    ensure_kinds(apps.get_model("commitments", "PledgeKind"))


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_pledges")]

    operations = [migrations.RunPython(add_kinds, migrations.RunPython.noop)]
