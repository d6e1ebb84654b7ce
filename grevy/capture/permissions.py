"""Who may do what: roles per site, decided on the server (ICH E6(R3) 4.3.8, least privilege)."""

from __future__ import annotations

from grevy.capture.errors import NotPermitted
from grevy.capture.models import Membership
from grevy.capture.words import say, say_all

COORDINATOR = "coordinator"
INVESTIGATOR = "investigator"
MONITOR = "monitor"
DATA_MANAGER = "data_manager"
STATISTICIAN = "statistician"
SAFETY_OFFICER = "safety_officer"
ADMINISTRATOR = "administrator"
ROLES = (COORDINATOR, INVESTIGATOR, MONITOR, DATA_MANAGER, STATISTICIAN, SAFETY_OFFICER, ADMINISTRATOR)

# The sponsor's people read and ask, and never write clinical data; nobody verifies or signs their own
# side's work.
ROLES_THAT_MAY: dict[str, tuple[str, ...]] = {
    "view": (COORDINATOR, INVESTIGATOR, MONITOR, DATA_MANAGER, STATISTICIAN, SAFETY_OFFICER),
    "create_subject": (COORDINATOR, INVESTIGATOR),
    "save_form": (COORDINATOR, INVESTIGATOR),
    "withdraw_record": (COORDINATOR, INVESTIGATOR),
    "set_lab_range": (COORDINATOR, DATA_MANAGER),
    "open_query": (MONITOR, DATA_MANAGER, SAFETY_OFFICER),
    "answer_query": (COORDINATOR, INVESTIGATOR),
    "close_query": (MONITOR, DATA_MANAGER, SAFETY_OFFICER),
    "verify": (MONITOR,),
    "sign": (INVESTIGATOR,),
    "decide_eligibility": (INVESTIGATOR,),
    "lock": (DATA_MANAGER,),
    "unlock": (DATA_MANAGER,),
    "publish_checks": (DATA_MANAGER,),
    "change_access": (ADMINISTRATOR,),
    "export": (INVESTIGATOR, DATA_MANAGER, STATISTICIAN),
    "report": (DATA_MANAGER, STATISTICIAN, SAFETY_OFFICER),
}


def roles_of(username: str) -> frozenset[tuple[str, str | None]]:
    """The roles a person holds now, each with its site (None: the whole study); none for a closed account."""
    held = Membership.objects.filter(user__username=username, user__is_active=True)
    return frozenset(held.values_list("role", "site_id"))


def role_that_may(held: frozenset[tuple[str, str | None]], action: str, site: str | None) -> str | None:
    """The role by which the action is permitted at the site, in the order of `ROLES_THAT_MAY`."""
    for role in ROLES_THAT_MAY[action]:
        if (role, None) in held or (site is not None and (role, site) in held):
            return role
    return None


def can(username: str, action: str, site: str | None) -> bool:
    return role_that_may(roles_of(username), action, site) is not None


def check_can(username: str, action: str, site: str | None) -> str:
    """Return the role in which the person acts; raise NotPermitted with the roles that could."""
    return require_role(roles_of(username), username, action, site)


def require_role(
    held: frozenset[tuple[str, str | None]], username: str, action: str, site: str | None
) -> str:
    role = role_that_may(held, action, site)
    if role is None:
        place = say("at_site", site=site) if site else say("at_study")
        allowed = say_all(f"role_{one}" for one in ROLES_THAT_MAY[action])
        why = say("may_not", username=username, action=say(f"action_{action}"))
        raise NotPermitted(place, why, say("takes_a_role", roles=allowed))
    return role


def sites_to_view(username: str) -> frozenset[str] | None:
    """Codes of the sites whose data the person may read; None for all of them."""
    readable = {site for role, site in roles_of(username) if role in ROLES_THAT_MAY["view"]}
    return None if None in readable else frozenset(site for site in readable if site is not None)
