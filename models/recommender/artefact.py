"""What the recommender's artefact is called, and the version of its layout."""

NAME = "recommender"
VERSION = 4
