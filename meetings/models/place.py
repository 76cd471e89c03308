"""Where: the official territories and the neighbourhoods people speak of."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.models.named import Named
from meetings.models.proposed import Proposed, proposed_whole
from meetings.search import folded_terms


class Territory(Named):
    """A unit of the official tree: region → prefecture or province → commune → arrondissement.

    `code` is the national statistical office's, dotted ("09.273.01.05"); a renamed unit keeps it.
    `population` is that of the 2024 census, where it is published.
    """

    class Level(models.TextChoices):
        REGION = "region", _("region")
        PREFECTURE = "prefecture", _("prefecture")
        PROVINCE = "province", _("province")
        COMMUNE = "commune", _("commune")
        ARRONDISSEMENT = "arrondissement", _("arrondissement")

    code = models.CharField(_("code"), max_length=20, unique=True)
    level = models.CharField(_("level"), max_length=20, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [
            models.CheckConstraint(
                condition=Q(level="region", parent__isnull=True) | ~Q(level="region") & Q(parent__isnull=False),
                name="territory_parent_unless_region",
                violation_error_message=_("Every territory but a region lies in another one."),
            ),
        ]

    @property
    def ancestry(self) -> list["Territory"]:
        """The territories that hold this one, the widest first, itself last.

        No query when it was loaded by `with_ancestry`; the tree is four levels deep.
        """
        chain: list[Territory] = [self]
        while (parent := chain[0].parent) is not None:
            chain.insert(0, parent)
        return chain

    ANCESTRY = "parent__parent__parent"


class NeighbourhoodQuerySet(models.QuerySet["Neighbourhood"]):
    """Neighbourhoods as sentences."""

    def with_territory(self) -> "NeighbourhoodQuerySet":
        """Each with its commune and all that holds it, in one query."""
        return self.select_related(f"territory__{Territory.ANCESTRY}")

    def public(self) -> "NeighbourhoodQuerySet":
        """Those that everybody may see: a proposed one once it is verified, or named in a published meeting."""
        named = Neighbourhood.objects.filter(is_verified=False, meetings__published_at__isnull=False)
        return self.filter(Q(is_verified=True) | Q(pk__in=named.values("pk")))

    def known_to(self, organisation: models.Model) -> "NeighbourhoodQuerySet":
        """Those that everybody may see, and those that this association proposed."""
        return self.filter(Q(pk__in=self.public().values("pk")) | Q(proposed_for=organisation))

    def matching(self, query: str) -> "NeighbourhoodQuerySet":
        """Those whose own name or whose commune's holds every word of the query."""
        found = self
        for term in folded_terms(query):
            found = found.filter(Q(folded__contains=term) | Q(territory__folded__contains=term))
        return found

    def covered_by(self, organisation: models.Model) -> "NeighbourhoodQuerySet":
        """Those that an organisation covers, by name or through a territory that holds them."""
        covered = Q(organisations=organisation) | Q(territory__organisations=organisation)
        for level in ("parent", "parent__parent", "parent__parent__parent"):
            covered |= Q(**{f"territory__{level}__organisations": organisation})
        return self.filter(covered).distinct()


class Neighbourhood(Named, Proposed):
    """A place people name when they say where they live or study; lies in a commune or arrondissement."""

    class Kind(models.TextChoices):
        NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
        VILLAGE = "village", _("village")
        CAMPUS = "campus", _("campus")
        SITE = "site", _("site")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.NEIGHBOURHOOD)
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="neighbourhoods", verbose_name=_("commune or arrondissement")
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    is_verified = models.BooleanField(_("verified"), default=True)
    is_fictional = models.BooleanField(_("fictional, for trying out"), default=False)

    objects = NeighbourhoodQuerySet.as_manager()

    class Meta:
        ordering = ["name_fr", "pk"]
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")
        constraints = [
            proposed_whole("neighbourhood_proposed_whole"),
            models.CheckConstraint(
                condition=Q(is_verified=True) | Q(proposed_for__isnull=False),
                name="neighbourhood_verified_unless_proposed",
                violation_error_message=_("Only a neighbourhood that an association proposed waits to be verified."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="neighbourhood_point_whole",
                violation_error_message=_("A point has a latitude and a longitude."),
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its public progress page."""
        return reverse("neighbourhood", args=[self.slug])
