"""Item factors by Spark's implicit ALS, for ratings that no longer fit one machine.

    spark-submit deploy/spark/als.py RATINGS OUT [--rank 64] [--penalty 0.01] [--rounds 10]

RATINGS is a CSV of any size that Spark can reach, with a header and the columns user, title_id and
rating (0.5 to 5). OUT becomes a folder of JSON lines {"id": title_id, "factors": [numbers]}, which
`python -m models.recommender.factors` makes into what the server loads.
"""

import argparse

from pyspark.ml.feature import StringIndexer
from pyspark.ml.recommendation import ALS
from pyspark.sql import SparkSession
from pyspark.sql.functions import col

ALPHA = 10.0
"""The weight of a grade of one beside that of no rating: the inverse of UNOBSERVED in
models/recommender/ials.py, so that a viewer is folded in by the same loss."""


def main() -> None:
    """Read, fit, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("ratings")
    parser.add_argument("out")
    parser.add_argument("--rank", type=int, default=64)
    parser.add_argument("--penalty", type=float, default=0.01)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    spark = SparkSession.builder.appName("usher-als").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    ratings = spark.read.csv(options.ratings, header=True)
    # Grades as in models/recommender/dataset.py: half a star is 0.1, five are 1.
    grade = 0.1 + 0.2 * (col("rating").cast("double") - 0.5)
    rows = ratings.select("user", "title_id", grade.alias("grade"))
    indexers = [
        StringIndexer(inputCol="user", outputCol="u").fit(rows),
        StringIndexer(inputCol="title_id", outputCol="i").fit(rows),
    ]
    for indexer in indexers:
        rows = indexer.transform(rows)
    rows = rows.select(col("u").cast("int"), col("i").cast("int"), "grade").cache()
    model = ALS(
        userCol="u",
        itemCol="i",
        ratingCol="grade",
        implicitPrefs=True,
        alpha=ALPHA,
        rank=options.rank,
        regParam=options.penalty,
        maxIter=options.rounds,
        seed=7,
    ).fit(rows)
    names = spark.createDataFrame(list(enumerate(indexers[1].labels)), ["number", "title"])
    factors = model.itemFactors.join(names, model.itemFactors.id == names.number)
    rows = factors.select(col("title").alias("id"), col("features").alias("factors"))
    rows.write.mode("overwrite").json(options.out)
    spark.stop()


if __name__ == "__main__":
    main()
