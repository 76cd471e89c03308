"""The same files in an S3-compatible store, here moto's on loopback."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.test import Client
from moto.server import ThreadedMotoServer

from attachments.keeping import discard_unused, storage, use
from attachments.models import Attachment
from config.settings import evidence_storage
from tests.cast import Cast
from tests.uploads import kept
from tools.setup import ROOT

SETTINGS = {
    "MEDIA_S3_BUCKET": "evidence",
    "MEDIA_S3_REGION": "eu-west-3",
    "MEDIA_S3_ACCESS_KEY": "an-access-key",
    "MEDIA_S3_SECRET_KEY": "a-secret-key",
}


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A store of its own, and the site's settings for it, read as at a start."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    _host, port = server.get_host_and_port()
    name = f"evidence-{secrets.token_hex(4)}"  # moto's servers share what they hold
    given = SETTINGS | {"MEDIA_S3_BUCKET": name, "MEDIA_S3_ENDPOINT": f"http://127.0.0.1:{port}"}
    for setting, value in given.items():
        monkeypatch.setenv(setting, value)
    settings.STORAGES = settings.STORAGES | {"attachments": evidence_storage()}
    options = settings.STORAGES["attachments"]["OPTIONS"]
    store = boto3.resource(
        "s3",
        endpoint_url=options["endpoint_url"],
        region_name=options["region_name"],
        aws_access_key_id=options["access_key"],
        aws_secret_access_key=options["secret_key"],
    )
    yield store.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    server.stop()


def test_a_photo_goes_to_the_store_and_comes_back_through_the_site(cast: Cast, bucket: Any) -> None:
    photo = kept(by=cast.official)
    use([photo], by=cast.official)
    assert {each.key for each in bucket.objects.all()} == set(photo.stored)
    response: Any = Client().get(photo.get_absolute_url())
    assert len(b"".join(response.streaming_content)) == photo.size == int(response.headers["Content-Length"])
    response.close()


def test_nobody_reads_the_store_without_its_key(cast: Cast, bucket: Any) -> None:
    photo = kept(by=cast.official)
    grants = bucket.Object(photo.stored_as).Acl().grants
    assert [grant["Grantee"].get("URI") for grant in grants] == [None]


def test_unused_uploads_leave_the_store(cast: Cast, bucket: Any) -> None:
    photo = kept(by=cast.official)
    assert discard_unused(before=photo.uploaded_at.replace(year=2100)) == 1
    assert (list(bucket.objects.all()), Attachment.objects.count()) == ([], 0)


def test_a_file_that_the_store_has_lost_is_not_found(cast: Cast, bucket: Any) -> None:
    photo = kept(by=cast.official)
    use([photo], by=cast.official)
    storage().delete(photo.stored_as)
    assert Client().get(photo.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("missing", ["MEDIA_S3_ENDPOINT", "MEDIA_S3_SECRET_KEY"])
def test_half_a_setting_stops_the_start_with_a_sentence(missing: str) -> None:
    given = {**SETTINGS, "MEDIA_S3_ENDPOINT": "http://127.0.0.1:1", "SECRET_KEY": "x" * 50}
    del given[missing]
    environment = {**{name: value for name, value in os.environ.items() if not name.startswith("MEDIA_")}, **given}
    command = [sys.executable, "-c", "import config.settings"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert run.returncode == 1
    assert f"{missing} is not set. Set it in the environment; docs/settings.md says how." in run.stderr
