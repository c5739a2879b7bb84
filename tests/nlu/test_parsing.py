from bot.nlu.parsing import parse_result


def test_result_has_what_parse_prints() -> None:
    result = parse_result(
        {
            "text": "no Heat",
            "language": "en",
            "intent": {"name": "refine", "confidence": 0.91234567},
            "intent_ranking": [{"name": str(i), "confidence": 0.1} for i in range(10)],
            "entities": [
                {"entity": "title", "value": "Heat", "id": "tt0113277", "start": 3, "end": 7}
                | {"negated": True, "extractor": "GazetteerExtractor"}
            ],
            "moderation": {"flagged": False},
            "text_tokens": [],
        }
    )
    assert result["intent"] == {"name": "refine", "confidence": 0.9123}
    assert len(result["intent_ranking"]) == 3
    assert result["entities"] == [
        {
            "entity": "title",
            "value": "Heat",
            "id": "tt0113277",
            "start": 3,
            "end": 7,
            "negated": True,
        }
    ]
    assert result["moderation"] == {"flagged": False}


def test_an_empty_parse_is_no_error() -> None:
    assert parse_result({})["intent"] == {"name": None, "confidence": 0.0}
