"""What the skills stand on, made once per process and handed to every action."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy.engine import Engine

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.names import NameIndex
from bot.catalogue.shared import catalogue, names
from bot.desk.faq_layer import FaqLayer
from bot.faq.answers import Answers
from bot.faq.entries import FaqError
from bot.settings import Settings, settings
from bot.store.cases import CaseStore
from bot.store.database import engine, migrate
from bot.store.handoffs import HandoffStore
from bot.store.viewers import ViewerStore
from models.artefact import ArtefactError
from models.classifier.predict import Classifier
from models.recommender.predict import Recommender

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """Stores, the catalogue and the trained models.

    A model that is absent or damaged is None: its skill says so, the others go on.
    """

    settings: Settings
    engine: Engine

    @cached_property
    def catalogue(self) -> Catalogue:
        return catalogue()

    @cached_property
    def names(self) -> NameIndex:
        return names()

    @cached_property
    def viewers(self) -> ViewerStore:
        return ViewerStore(self.engine)

    @cached_property
    def cases(self) -> CaseStore:
        return CaseStore(self.engine)

    @cached_property
    def handoffs(self) -> HandoffStore:
        return HandoffStore(self.engine)

    @cached_property
    def recommender(self) -> Recommender | None:
        try:
            return Recommender.load(self.settings.models_dir / "recommender")
        except ArtefactError as error:
            logger.error("no recommendations by taste: %s", error)
            return None

    @cached_property
    def classifier(self) -> Classifier | None:
        try:
            return Classifier.load(self.settings.models_dir / "classifier")
        except ArtefactError as error:
            logger.error("no reading of feelings and topics: %s", error)
            return None

    @cached_property
    def answers(self) -> Answers | None:
        try:
            return Answers.load(layer=FaqLayer(self.engine))
        except FaqError as error:
            logger.error("no answers about the service: %s", error)
            return None

    def warm_up(self) -> list[str]:
        """Load everything now, so that the first viewer does not wait; returns what is away."""
        _ = (self.catalogue, self.names)
        parts = ("recommender", "classifier", "answers")
        return [name for name in parts if getattr(self, name) is None]


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of this process; the database is brought to today's schema."""
    store = engine(settings().database)
    migrate(store)
    return Services(settings(), store)
