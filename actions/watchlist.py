"""The viewer's watchlist and what they have rated."""

from __future__ import annotations

from actions.clear_title import clear_title
from actions.services import Services
from actions.skill import SkillAction
from bot.conversation.cards import button, label_with_year
from bot.conversation.reference import resolve
from bot.conversation.reply import Reply
from bot.conversation.turn import Turn

MOST = 10


class WatchlistAdd(SkillAction):
    """Put titles on the watchlist: those named or pointed at, else the one in focus."""

    action = "action_watchlist_add"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        reference = resolve(turn, services.catalogue)
        if len(reference.titles) > 1:
            for each in reference.titles:
                services.viewers.watchlist_add(turn.viewer, each.id)
                reply.say("utter_watchlist_added", title=each.name(turn.language))
            return
        title = clear_title(turn, reply, services)
        if title is None:
            return
        added = services.viewers.watchlist_add(turn.viewer, title.id)
        show = button("utter_button_show_watchlist", turn.language, "watchlist_show")
        response = "utter_watchlist_added" if added else "utter_watchlist_has_it"
        reply.say(response, [show], title=title.name(turn.language))
        reply.focus(title)


class WatchlistRemove(SkillAction):
    """Take a title off the watchlist."""

    action = "action_watchlist_remove"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        title = clear_title(turn, reply, services)
        if title is None:
            return
        removed = services.viewers.watchlist_remove(turn.viewer, title.id)
        response = "utter_watchlist_removed" if removed else "utter_watchlist_not_on_it"
        reply.say(response, title=title.name(turn.language))
        reply.focus(title)


class WatchlistShow(SkillAction):
    """Show the watchlist, newest first."""

    action = "action_watchlist_show"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        kept = [services.catalogue.get(i) for i in services.viewers.watchlist(turn.viewer)]
        titles = [title for title in kept if title is not None]
        if not titles:
            reply.say("utter_watchlist_empty")
            return
        reply.say("utter_watchlist", n=len(titles))
        reply.show(titles[:MOST], services.catalogue)


class HistoryShow(SkillAction):
    """Show what the viewer has rated, newest first."""

    action = "action_history_show"

    def answer(self, turn: Turn, reply: Reply, services: Services) -> None:
        lines = []
        for rating in services.viewers.ratings(turn.viewer):
            title = services.catalogue.get(rating.title_id)
            if title is not None:
                lines.append(f"{label_with_year(title, turn.language)} · {rating.value:g}/5")
        if not lines:
            reply.say("utter_history_empty")
            return
        reply.say("utter_history", n=len(lines), list="\n".join(lines[:MOST]))
