"""A sign may be proposed by the site, where a record from a public source states none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0002_kinds")]

    operations = [
        migrations.AlterField(
            model_name="pledge",
            name="sign_from",
            field=models.CharField(
                blank=True,
                choices=[
                    ("record", "stated in the record"),
                    ("association", "proposed by the association"),
                    ("site", "proposed by this site"),
                ],
                max_length=20,
                verbose_name="where the sign comes from",
            ),
        ),
    ]
