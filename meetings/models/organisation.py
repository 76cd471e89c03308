"""Who speaks: associations, agencies and the others that take part in meetings."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.models.named import Named
from meetings.models.place import Neighbourhood, Territory
from meetings.models.proposed import Proposed, proposed_whole


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations as sentences."""

    def agencies(self) -> "OrganisationQuerySet":
        """Those that answer for pledges as public services."""
        return self.filter(kind__in=Organisation.AGENCY_KINDS)

    def associations(self) -> "OrganisationQuerySet":
        """Those that speak for residents."""
        return self.filter(kind__in=Organisation.ASSOCIATION_KINDS)


class Organisation(Named, Proposed):
    """An association, an agency or another body; its slug is its public id in the ledger and never changes."""

    class Kind(models.TextChoices):
        POLICE = "police", _("police")
        GENDARMERIE = "gendarmerie", _("Royal Gendarmerie")
        AUXILIARY = "auxiliary", _("Auxiliary Forces")
        AUTHORITY = "authority", _("local authority")
        COMMUNE = "commune", _("commune (municipality)")
        EDUCATION = "education", _("university or school")
        ASSOCIATION = "association", _("association")
        FEDERATION = "federation", _("federation of residents")
        OTHER = "other", _("other")

    AGENCY_KINDS = (Kind.POLICE, Kind.GENDARMERIE, Kind.AUXILIARY, Kind.AUTHORITY, Kind.COMMUNE, Kind.EDUCATION)
    ASSOCIATION_KINDS = (Kind.ASSOCIATION, Kind.FEDERATION)

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    territories = models.ManyToManyField(
        Territory, blank=True, related_name="organisations", verbose_name=_("territories covered")
    )
    neighbourhoods = models.ManyToManyField(
        Neighbourhood, blank=True, related_name="organisations", verbose_name=_("neighbourhoods covered")
    )
    is_verified = models.BooleanField(_("verified"), default=False)
    members_may_publish = models.BooleanField(_("members may publish"), default=False)
    is_fictional = models.BooleanField(_("fictional, for trying out"), default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name_fr", "pk"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            proposed_whole("organisation_proposed_whole"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="organisation_not_its_own_parent",
                violation_error_message=_("An organisation does not belong to itself."),
            ),
            models.CheckConstraint(
                condition=~Q(slug="site"),
                name="organisation_slug_not_site",
                violation_error_message=_("“site” is how the ledger calls the site itself; choose another address."),
            ),
        ]

    def clean(self) -> None:
        """No circle of parents."""
        seen, parent = {self.pk}, self.parent
        while parent is not None:
            if parent.pk in seen:
                raise ValidationError({"parent": _("An organisation does not belong to one of its own parts.")})
            seen.add(parent.pk)
            parent = parent.parent

    def get_absolute_url(self) -> str:
        """Its public record."""
        return reverse("organisation", args=[self.slug])

    @property
    def is_agency(self) -> bool:
        """Whether it is a public service."""
        return self.kind in self.AGENCY_KINDS

    @property
    def is_association(self) -> bool:
        """Whether it speaks for residents."""
        return self.kind in self.ASSOCIATION_KINDS

    def with_children(self) -> "models.QuerySet[Organisation]":
        """Itself and the organisations that belong to it; not one of which only an association says so, yet."""
        settled = Q(is_verified=True) | Q(proposed_for__isnull=True)
        return Organisation.objects.filter(Q(pk=self.pk) | Q(settled, parent=self.pk))

    def covers(self, neighbourhoods: "models.QuerySet[Neighbourhood]") -> bool:
        """Whether any of these neighbourhoods is among those it covers, itself or through a territory."""
        return neighbourhoods.filter(pk__in=Neighbourhood.objects.covered_by(self)).exists()
