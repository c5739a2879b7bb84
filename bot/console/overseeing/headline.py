"""The numbers at the top of the dashboard."""

from __future__ import annotations

from bot.console import charts
from bot.console.overseeing.figure import NOTHING, Material, share
from bot.desk import figures
from bot.desk.figures import share_of


def stats(m: Material) -> list[tuple[str, str, str]]:
    """Each as its word, its value and a note."""
    t, total = m.t, m.total
    minutes = figures.minutes(m.connection)
    rating = figures.average_rating(total)
    thumbs = {"up": round(total["thumbs_up"]), "down": round(total["thumbs_down"])}
    return [
        (t("dashboard.conversations"), charts.plain(total["conversations"]), ""),
        (t("dashboard.viewers"), charts.plain(float(m.viewers.all)), ""),
        (t("dashboard.messages"), charts.plain(total["messages"]), ""),
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
            NOTHING if rating is None else f"{rating:.1f} / 5",
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
