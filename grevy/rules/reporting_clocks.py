"""By when a safety report is due: two sets of rules, since which one applies is the sponsor's decision.

Calendar days from the day of first knowledge, which is day 0. ICH E2A; GCP of China (2020) for trials;
good pharmacovigilance practice of China (2021) for a marketed drug.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from grevy.rules.words import Words


class RuleSet(Enum):
    """Which rules the study runs under."""

    INTERVENTIONAL_GCP = "interventional_gcp"
    POST_MARKETING = "post_marketing"


@dataclass(frozen=True)
class Event:
    """What decides whether and how fast an adverse event is reported."""

    is_serious: bool
    is_fatal: bool = False
    is_life_threatening: bool = False
    is_expected: bool = False
    related_by_investigator: bool | None = None
    related_by_sponsor: bool | None = None

    @property
    def is_suspected(self) -> bool:
        """A relation that either of the two cannot exclude is enough; what nobody judged is not excluded."""
        judgments = (self.related_by_investigator, self.related_by_sponsor)
        return True in judgments or judgments == (None, None)


@dataclass(frozen=True)
class Clock:
    """A report and the days it may take; `follow_up_days` come on top for the complete report."""

    code: str
    label: Words
    days: int
    follow_up_days: int | None = None


@dataclass(frozen=True)
class Due:
    """A report with its last day."""

    clock: Clock
    on: date
    follow_up_on: date | None = None


SAE_TO_SPONSOR = Clock(
    "SAE_TO_SPONSOR", Words("Serious event, investigator to sponsor", "严重不良事件，研究者报告申办者"), 1
)
PREGNANCY = Clock("PREGNANCY", Words("Pregnancy, to sponsor", "妊娠，报告申办者"), 1)
"""At once; sites use 24 hours from knowledge, here the next calendar day."""

SUSAR_FATAL = Clock(
    "SUSAR_FATAL", Words("SUSAR, fatal or life-threatening", "致死或危及生命的SUSAR"), 7, follow_up_days=8
)
SUSAR_OTHER = Clock("SUSAR_OTHER", Words("SUSAR, other", "非致死或危及生命的SUSAR"), 15)

ADR_DEATH = Clock("ADR_DEATH", Words("Adverse reaction, death", "死亡病例"), 0)
ADR_SERIOUS = Clock("ADR_SERIOUS", Words("Adverse reaction, serious", "严重不良反应"), 15)
ADR_OTHER = Clock("ADR_OTHER", Words("Adverse reaction, other", "其他不良反应"), 30)


def find_clocks(event: Event, rules: RuleSet) -> list[Clock]:
    """Reports that an event asks for, of investigator and of sponsor (or holder), in this order."""
    clocks = [SAE_TO_SPONSOR] if event.is_serious else []
    if not event.is_suspected:
        return clocks
    if rules is RuleSet.POST_MARKETING:
        return [*clocks, _find_marketed_clock(event)]
    if event.is_serious and not event.is_expected:
        clocks.append(SUSAR_FATAL if event.is_fatal or event.is_life_threatening else SUSAR_OTHER)
    return clocks


def _find_marketed_clock(event: Event) -> Clock:
    if event.is_fatal:
        return ADR_DEATH
    return ADR_SERIOUS if event.is_serious else ADR_OTHER


def compute_due(clock: Clock, aware_on: date) -> Due:
    """Last day of a report: day of first knowledge plus the limit, in calendar days.

    A fatal SUSAR known on 2026-03-02 is due on 2026-03-09, its follow-up on 2026-03-17.
    """
    due = aware_on + timedelta(days=clock.days)
    follow_up = None if clock.follow_up_days is None else due + timedelta(days=clock.follow_up_days)
    return Due(clock, due, follow_up)
