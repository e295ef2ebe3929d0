"""Runs beside open-rarity 0.7.5, in its environment: collections as JSON in, its scores and ranks as JSON out."""

from __future__ import annotations

import json
import sys

from open_rarity import Collection, RarityRanker, Token, TokenMetadata, TokenStandard
from open_rarity.models.token_identifier import EVMContractTokenIdentifier
from open_rarity.models.token_rarity import TokenRarity
from open_rarity.scoring.handlers.geometric_mean_scoring_handler import GeometricMeanScoringHandler
from open_rarity.scoring.handlers.harmonic_mean_scoring_handler import HarmonicMeanScoringHandler
from open_rarity.scoring.handlers.information_content_scoring_handler import InformationContentScoringHandler
from open_rarity.scoring.handlers.sum_scoring_handler import SumScoringHandler
from open_rarity.scoring.token_feature_extractor import TokenFeatureExtractor
from open_rarity.scoring.utils import get_token_attributes_scores_and_weights


def answer(documents):
    """All that the library has to say of one collection, in the order of its tokens."""
    tokens = [
        Token(
            EVMContractTokenIdentifier("0x" + "0" * 40, number),
            TokenStandard.ERC721,
            TokenMetadata.from_attributes(document),
        )
        for number, document in enumerate(documents)
    ]
    collection = Collection(tokens)
    refused = False
    try:
        RarityRanker.rank_collection(collection)
    except ValueError:
        refused = True  # it has numbers; what follows is how the library scores the texts among them
    nulls = collection.extract_null_attributes()
    attributes = [
        get_token_attributes_scores_and_weights(collection, token, False, nulls)[0] for token in tokens
    ]  # 1/p of each
    scores = [float(score) for score in InformationContentScoringHandler().score_tokens(collection, tokens)]
    features = [TokenFeatureExtractor.extract_unique_attribute_count(token, collection) for token in tokens]
    rarities = [
        TokenRarity(token=token, score=score, token_features=feature)
        for token, score, feature in zip(tokens, scores, features, strict=True)
    ]
    ranks = {rarity.token.token_identifier.token_id: rarity.rank for rarity in RarityRanker.set_rarity_ranks(rarities)}

    def by(handler):
        return [float(score) for score in handler.score_tokens(collection, tokens)]

    return {
        "refused": refused,
        "openrarity": scores,
        "unique": [feature.unique_attribute_count for feature in features],
        "ranks": [ranks[number] for number in range(len(tokens))],
        "sum": by(SumScoringHandler(normalized=False)),
        "weighted_sum": by(SumScoringHandler(normalized=True)),
        "geometric_mean": by(GeometricMeanScoringHandler(normalized=False)),
        "harmonic_mean": by(HarmonicMeanScoringHandler(normalized=False)),
        "number_of_attributes": [len(found) for found in attributes],
        "highest": [float(max(found)) for found in attributes],
    }


json.dump({name: answer(documents) for name, documents in json.load(sys.stdin).items()}, sys.stdout)
