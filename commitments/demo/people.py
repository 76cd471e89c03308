"""Who and where: fictional territories, neighbourhoods and organisations, and the people who sign in for them."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password

from accounts.models import Membership, User
from meetings.models import Neighbourhood, Organisation, Territory
from meetings.territories import Unit
from meetings.territories import load as load_territories

PASSWORD = "iltizam-demo"  # noqa: S105 - printed to whoever runs the demo, which therefore runs on loopback only
# What the authenticator app of the demo's staff would hold, as public as the password; `manage.py demo_code` reads it.
SECRET = "ILTIZAMDEMOILTIZAMDEMOILTIZAMDEM"  # noqa: S105 - as PASSWORD
MODERATOR = "moderator@demo.example"
SECRETARY = "secretary@demo.example"

# Territories, neighbourhoods and organisations, each after what it lies in or belongs to. They have a region of
# their own: inside a real commune an invented promise would look like a real one, and would count in that commune's
# numbers. Its code, 99, stands clear of the national ones, which end at 12.
PLACES = Path(__file__).parent / "places.json"


class SignIn(NamedTuple):
    """Somebody who can sign in: for an organisation, or for the site."""

    email: str
    part: str
    organisation: str = ""
    role: str = Membership.Role.MEMBER
    site_role: str = ""


MANAGER = Membership.Role.MANAGER
SIGN_INS = (
    SignIn(SECRETARY, "secretary of an association: drafts meetings", "demo-palms"),
    SignIn("manager@demo.example", "manager of the same association: publishes and corrects", "demo-palms", MANAGER),
    SignIn("second@demo.example", "manager of a second association", "demo-ramparts", MANAGER),
    SignIn("federation@demo.example", "manager of a federation not verified yet", "demo-springs", MANAGER),
    SignIn("official@demo.example", "official of the security district", "demo-district"),
    SignIn("prefecture@demo.example", "official of the agency above it", "demo-prefecture-police"),
    SignIn("commune@demo.example", "official of another agency, the commune", "demo-commune"),
    SignIn("university@demo.example", "official of the university", "demo-university"),
    SignIn("gendarmerie@demo.example", "official of the gendarmerie", "demo-gendarmerie"),
    SignIn(MODERATOR, "moderator", site_role=User.SiteRole.MODERATOR),
    SignIn("administrator@demo.example", "administrator", site_role=User.SiteRole.ADMINISTRATOR),
    SignIn("auditor@demo.example", "auditor: reads everything, writes nothing", site_role=User.SiteRole.AUDITOR),
)


def ensure_places_and_organisations() -> None:
    """Add what is missing; what is there is left as it is."""
    places = json.loads(PLACES.read_text(encoding="utf-8"))
    load_territories(Unit(**each, population=None) for each in places["territories"])
    for each in places["neighbourhoods"]:
        each["territory"] = Territory.objects.get(code=each["territory"])
        _ensure(Neighbourhood, each)
    for each in places["organisations"]:
        territories = Territory.objects.filter(code__in=each.pop("territories", ()))
        neighbourhoods = Neighbourhood.objects.filter(slug__in=each.pop("neighbourhoods", ()))
        if "parent" in each:
            each["parent"] = Organisation.objects.get(slug=each["parent"])
        organisation = _ensure(Organisation, {"is_verified": True, **each})
        organisation.territories.add(*territories)
        organisation.neighbourhoods.add(*neighbourhoods)


def _ensure(model: Any, fields: dict[str, Any]) -> Any:
    found, _created = model.objects.get_or_create(slug=fields["slug"], defaults={**fields, "is_fictional": True})
    return found


def ensure_sign_ins() -> None:
    """Add the people who are missing, all with one password; those who are there keep theirs."""
    password = make_password(PASSWORD)
    known = set(User.objects.values_list("email", flat=True))
    for each in SIGN_INS:
        if each.email in known:
            continue
        user = User.objects.create(email=each.email, password=password, site_role=each.site_role)
        if each.organisation:
            organisation = Organisation.objects.get(slug=each.organisation)
            Membership.objects.create(user=user, organisation=organisation, role=each.role)
    ensure_second_factors()


def ensure_second_factors() -> None:
    """Give the staff who have no second factor yet the demo's."""
    staff = User.objects.filter(email__in=[each.email for each in SIGN_INS if each.site_role])
    for user in staff.exclude(pk__in=Authenticator.objects.values("user")):
        TOTP.activate(user, SECRET)


def voices() -> dict[str, dict[str, Any]]:
    """By the public id of each organisation: who speaks for it (its manager, where it has one), and itself."""
    memberships = Membership.objects.filter(organisation__is_fictional=True).select_related("user", "organisation")
    found: dict[str, dict[str, Any]] = {}
    for each in memberships.order_by("role", "pk"):
        found.setdefault(each.organisation.slug, {"by": each.user, "organisation": each.organisation})
    return found
