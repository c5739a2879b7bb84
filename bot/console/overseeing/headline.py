"""The numbers at the top of the dashboard."""

from __future__ import annotations

from bot.console import charts
from bot.console.overseeing.figure import NOTHING, Material, share
from bot.desk import figures
from bot.desk.figures import share_of
from bot.desk.opinions import joined


def stats(m: Material) -> list[tuple[str, str, str]]:
    """Each as its word, its value and a note."""
    t, total = m.t, m.total
    minutes = figures.minutes(m.connection)
    thought = joined(m.opinions.values())
    thumbs = {"up": sum(thought.up.values()), "down": sum(thought.down.values())}
    return [
        (t("dashboard.conversations"), charts.plain(total["conversations"]), ""),
        (t("dashboard.viewers"), charts.plain(float(m.viewers.all)), ""),
        (
            t("dashboard.per_minute"),
            charts.plain(sum(minutes[-5:]) / 5),
            t("dashboard.peak", n=max(minutes, default=0)),
        ),
        (t("dashboard.contained"), share(share_of(total, "contained")), ""),
        (t("dashboard.fallback_rate"), share(share_of(total, "fallback_rate")), ""),
        (
            t("dashboard.handed_over"),
            share(share_of(total, "handed_over")),
            charts.plain(total["handed_over"]),
        ),
        (
            t("dashboard.satisfaction"),
            NOTHING if thought.average is None else f"{thought.average:.1f} / 5",
            t("dashboard.thumbs", **thumbs),
        ),
        (
            t("dashboard.flagged"),
            charts.plain(total["flagged_messages"]),
            share(share_of(total, "flagged_share")),
        ),
        (
            t("dashboard.accepted"),
            share(share_of(total, "accepted")),
            t("dashboard.of_offered", offered=charts.plain(total["offered"])),
        ),
    ]
