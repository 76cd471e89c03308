"""What the site calls a wording that the agency has not answered (decision 0023); no column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0009_stated_by_the_agency")]

    operations = [
        migrations.AlterField(
            model_name="pledge",
            name="wording",
            field=models.CharField(
                choices=[
                    ("not_answered", "wording: no reply from the agency yet"),
                    ("agreed", "wording agreed"),
                    ("agreed_with_remark", "wording agreed with a remark"),
                    ("not_said", "not what was said"),
                ],
                default="not_answered",
                editable=False,
                max_length=20,
                verbose_name="wording",
            ),
        ),
    ]
