import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("speaker", models.CharField(max_length=200, verbose_name="speaker")),
                ("day", models.DateField(verbose_name="day it speaks of")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("header", models.TextField(verbose_name="header")),
                ("content", models.TextField(verbose_name="content")),
                ("previous", models.CharField(max_length=64, verbose_name="hash of the entry before")),
                ("hash", models.CharField(max_length=64, unique=True, verbose_name="hash")),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author (never public)",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.PositiveBigIntegerField(unique=True, verbose_name="size")),
                ("root", models.CharField(max_length=64, verbose_name="root")),
                ("sealed_at", models.DateTimeField(verbose_name="sealed at")),
                ("origin", models.CharField(max_length=200, verbose_name="origin")),
                ("frontier", models.TextField(verbose_name="frontier")),
            ],
            options={
                "verbose_name": "checkpoint",
                "verbose_name_plural": "checkpoints",
                "ordering": ["size"],
                "get_latest_by": "size",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id__gte", 1)), name="checkpoint_id_positive")
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="waiting",
                        serialize=False,
                        to="ledger.entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "waiting entry",
                "verbose_name_plural": "waiting entries",
            },
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
            ],
            options={
                "verbose_name": "stream",
                "verbose_name_plural": "streams",
                "constraints": [models.CheckConstraint(condition=models.Q(("id__gte", 1)), name="stream_id_positive")],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="stream",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="ledger.stream",
                verbose_name="stream",
            ),
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveBigIntegerField(unique=True, verbose_name="position")),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="position",
                        to="ledger.entry",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "position",
                "verbose_name_plural": "positions",
                "ordering": ["position"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id__gte", 1)), name="position_id_positive")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("stream", "number"), name="entry_number_once_in_its_stream"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(condition=models.Q(("id__gte", 1)), name="entry_id_positive"),
        ),
    ]
