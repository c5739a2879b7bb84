"""A simulated viewer: what an answer pushes onto the agenda, and what is said next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.title import Title
from bot.simulator.acts import INTENTS, SEARCHING, Act, Agenda
from bot.simulator.facts import known, told
from bot.simulator.goal import Constraint, Goal, askable
from bot.simulator.heard import Heard
from bot.simulator.kinds import Kind

ASIDES = ("service", "bot", "feelings", "weather")
INSISTS = 2
ASKS = 2


class Viewer:
    """Somebody with a goal and an agenda.

    `found` is the acceptable title they settled on; `answered` and `missed` are the facts they
    were told about it and those they gave up on.
    """

    def __init__(
        self, kind: Kind, language: str, goal: Goal, catalogue: Catalogue, rng: Random
    ) -> None:
        self.kind, self.language, self.goal = kind, language, goal
        self.catalogue, self.rng = catalogue, rng
        self.patience = kind.patience
        self.told: list[Constraint] = []
        self.found: Title | None = None
        self.answered: list[str] = []
        self.missed: list[str] = []
        self.gone = False
        self.shown: list[Title] = []
        self.last: list[Act] = []
        self._asked: Act | None = None
        self._tries: Counter[Act | Constraint] = Counter()
        self._asides = list(ASIDES)
        self.agenda = Agenda(self._at_first())

    def _at_first(self) -> list[Act]:
        """The agenda a viewer comes with, what is said last at the bottom."""
        acts = [Act("bye"), Act("thank")] if self._happens(self.kind.thanks) else []
        now = self.goal.constraints[: self.kind.at_once]
        if self.kind.opener == "vague":
            now = ()
        later = self.goal.constraints[len(now) :]
        acts += [Act("inform", (each,)) for each in reversed(later)]
        acts.append(Act("open", now, detail=self.kind.opener))
        if self._happens(self.kind.greets):
            acts.append(Act("greet"))
        return acts

    @property
    def satisfied(self) -> bool:
        """Whether an acceptable title was found and every fact asked for was told."""
        return self.found is not None and not self.missed and not self._asks_left()

    def next(self) -> list[Act]:
        """Take what is said now off the agenda: one act, or several that go into one message."""
        if self.patience <= 0 and self.found is None:
            self.agenda.drop(lambda act: True)
            self.agenda.push(Act("leave"))
        searching = {act.kind for act in self.agenda} & (SEARCHING | {"press", "leave"})
        if self.found is None and not searching:
            self.agenda.push(Act("restate", tuple(self.told or self.goal.constraints)))
        acts = [self.agenda.pop()] if self.agenda else []
        if acts and acts[0].kind == "inform":
            while len(acts) < self.kind.at_once and self._top_is("inform"):
                acts.append(self.agenda.pop())
        for act in acts:
            if act.kind in SEARCHING:
                self._tell(act.constraints)
            if act.kind == "ask":
                self._asked = act
                self._tries[act] += 1
            self.gone = self.gone or act.kind in ("leave", "bye")
        self.last = acts
        return acts

    def done(self) -> bool:
        """Whether there is nothing left to say."""
        return self.gone or (not self.agenda and self.found is not None and self._asked is None)

    def hear(self, heard: Heard) -> None:
        """Push and pop what the answer calls for."""
        self._hear_fact(heard)
        if heard.failed:
            self._try_again()
        elif heard.choices:
            self._choose(heard)
        elif heard.yes_or_no:
            self.agenda.push(Act("deny"))
        elif heard.stars:
            self._rate(heard)
        elif heard.options:
            self.agenda.push(Act("press", detail=self.rng.choice(heard.options).payload))
        elif heard.cards and self._asked is None:
            self._consider(heard)
        elif self._asked is not None:
            self._ask_again(heard)
        elif heard.asked & {"wish", *(each.slot for each in self.goal.constraints)}:
            self._answer_question(heard)
        elif self.last and self.last[-1].kind in SEARCHING:
            self._no_titles(heard)
        elif self.last and self.last[-1].kind in ("seen", "refuse", "press", "rate"):
            self._after_refusal(heard)
        if heard.cards:
            self.shown = [self.catalogue.titles[i] for i in heard.title_ids]

    # What titles do.

    def _consider(self, heard: Heard) -> None:
        titles = [self.catalogue.titles[i] for i in heard.title_ids]
        good = [title for title in titles if self.goal.accepts(title)]
        if self.found is not None:
            return
        if any(act.kind == "open" for act in self.agenda):
            # Shown titles before they have said what they want.
            return
        self.agenda.drop(lambda act: act.kind in SEARCHING - {"inform"})
        if good and self.goal.change is not None:
            # They liked what they saw, and yet they would rather have something else.
            change = self.goal.change
            self.goal = self.goal.changed()
            self.told = [each for each in self.told if each in self.goal.constraints]
            self.agenda.push(Act("change", (change,)))
        elif good:
            self._settle(self.rng.choice(good), heard, titles)
        else:
            self._refine(heard, titles)

    def _settle(self, title: Title, heard: Heard, titles: Sequence[Title]) -> None:
        self.found = title
        self.agenda.drop(lambda act: act.kind == "inform")
        asks = []
        for fact in askable(self.goal, title, self.catalogue):
            about = title
            if self._happens(self.kind.elsewhere) and len(titles) > 1:
                about = self.rng.choice([other for other in titles if other is not title])
                about = about if known(fact, about, self.catalogue) else title
            asks.append(Act("ask", about=about.id, detail=fact))
        self.agenda.push(*reversed(asks))
        self._aside()
        taken = self.rng.random()
        add = heard.card_button(title.id, "watchlist_add")
        if add is not None and taken < 0.5 * self.kind.presses:
            self.agenda.push(Act("press", about=title.id, detail=add.payload))
        elif taken < 0.4:
            kind = "keep" if self._happens(0.5) else "take"
            self.agenda.push(Act(kind, about=title.id))

    def _refine(self, heard: Heard, titles: Sequence[Title]) -> None:
        """None will do: say what is missing, insist on what was said, or ask for others."""
        broken = Counter(each for title in titles for each in self.goal.broken(title))
        unsaid = [each for each in self.goal.constraints if each not in self.told]
        wrong = [
            each
            for each in self.told
            if broken[each] * 2 > len(titles) and self._tries[each] < INSISTS
        ]
        if wrong:
            self.patience -= 1
            worst = max(wrong, key=lambda each: broken[each])
            self._tries[worst] += 1
            self.agenda.push(Act("insist", (worst,)))
        elif unsaid:
            self.agenda.drop(lambda act: act.kind == "inform")
            unsaid.sort(key=lambda each: broken[each])
            self.agenda.push(*(Act("inform", (each,)) for each in unsaid))
        else:
            self.patience -= any(broken[each] for each in self.told)
            self.agenda.push(Act("more"))
        self._refuse(heard, titles)
        self._aside()

    def _refuse(self, heard: Heard, titles: Sequence[Title]) -> None:
        """Those who press buttons say of a title, now and then, why it is none for them."""
        known = [title for title in titles if title.id in self.goal.seen]
        if not self._happens(0.6 * self.kind.presses):
            return
        title, kind = (known[0], "seen") if known else (self.rng.choice(titles), "refuse")
        button = heard.card_button(title.id, f"{kind}_title")
        if button is not None and self._happens(self.kind.presses):
            self.agenda.push(Act("press", about=title.id, detail=button.payload))
        else:
            self.agenda.push(Act(kind, about=title.id))

    def _aside(self) -> None:
        if self._asides and self._happens(self.kind.asides):
            topic = self._asides.pop(self.rng.randrange(len(self._asides)))
            self.agenda.push(Act("aside", detail=topic))

    # What questions do.

    def _choose(self, heard: Heard) -> None:
        """ "Which one?": the one meant, by button or by name; none of them when it is not there."""
        meant = self._meant()
        button = next((b for b in heard.choices if b.entities["title"] == meant), None)
        if meant is None:
            # They named no title at all.
            self._no_titles(heard)
        elif button is None:
            self.patience -= 1
            self.agenda.push(Act("neither", about=meant))
        elif self._happens(self.kind.presses):
            self.agenda.push(Act("press", about=meant, detail=button.payload))
        else:
            place = heard.choices.index(button) + 1
            self.agenda.push(Act("which", about=meant, detail=str(place)))

    def _rate(self, heard: Heard) -> None:
        if self._happens(self.kind.presses):
            self.agenda.push(Act("press", detail=self.rng.choice(heard.stars).payload))
        else:
            self.agenda.push(Act("rate"))

    def _answer_question(self, heard: Heard) -> None:
        """Say what is asked for, though it had been said; what one does not care about, say so."""
        if self.found is not None:
            return
        asked = [each for each in self.goal.constraints if each.slot in heard.asked]
        if "wish" in heard.asked and not asked:
            if not self._top_is(*SEARCHING):
                wish = self.told or list(self.goal.constraints[: self.kind.at_once])
                self.agenda.push(Act("restate", tuple(wish)))
                self.patience -= bool(self.told)
        elif asked:
            self.patience -= all(each in self.told for each in asked)
            self.agenda.push(*(Act("inform", (each,)) for each in reversed(asked)))
        else:
            self.agenda.push(Act("unsure"))

    def _hear_fact(self, heard: Heard) -> None:
        if self._asked is None or self._asked.about is None:
            return
        title = self.catalogue.titles[self._asked.about]
        if told(self._asked.detail, title, self.catalogue, heard.about(title.id)):
            self.answered.append(self._asked.detail)
            self._asked = None

    def _ask_again(self, heard: Heard) -> None:
        """A fact that did not come is asked for once more, and then given up."""
        asked = self._asked
        if asked is None:
            return
        if "title" in heard.asked:
            self.agenda.push(Act("name", about=asked.about))
            self._tries[Act("name", about=asked.about)] += 1
            if self._tries[Act("name", about=asked.about)] <= ASKS:
                return
        if self._tries[asked] < ASKS:
            self.agenda.push(asked)
        else:
            self.missed.append(asked.detail)
            self._asked = None
            self.agenda.drop(lambda act: act.kind == "name")

    def _no_titles(self, heard: Heard) -> None:
        self.patience -= 1
        button = heard.button_for(INTENTS.get(self.last[-1].kind, frozenset()) - {"recommend"})
        if button is not None and self._happens(self.kind.presses):
            self.agenda.push(Act("press", detail=button.payload))
        else:
            self.agenda.push(Act("restate", tuple(self.told or self.goal.constraints)))

    def _after_refusal(self, heard: Heard) -> None:
        """Take up the offer of others; else what waited on the agenda comes next."""
        more = heard.button_for(frozenset({"more_options"}))
        if self.found is None and more is not None and self._happens(self.kind.presses):
            self.agenda.drop(lambda act: act.kind == "more")
            self.agenda.push(Act("press", detail=more.payload))

    def _try_again(self) -> None:
        self.patience -= 1
        if self._asked is None:
            self.agenda.push(*reversed(self.last))

    # Small things.

    def _meant(self) -> str | None:
        """The title that the last thing said was about."""
        if self._asked is not None:
            return self._asked.about
        for act in reversed(self.last):
            if act.about is not None:
                return act.about
        like = [each for each in self.told if each.slot == "like"]
        return str(like[0].value[0]) if like else None

    def _tell(self, constraints: Sequence[Constraint]) -> None:
        self.told += [each for each in constraints if each not in self.told]

    def _top_is(self, *kinds: str) -> bool:
        top = self.agenda.top()
        return top is not None and top.kind in kinds

    def _asks_left(self) -> bool:
        return self._asked is not None or any(act.kind == "ask" for act in self.agenda)

    def _happens(self, share: float) -> bool:
        return self.rng.random() < share
