"""Peers of bench/text.bench.ts on the same draws: a bag of words with logistic regression, and word2vec by gensim."""
import json
import sys
import time

import numpy
from gensim.models import Word2Vec
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

task = json.load(sys.stdin)
texts, labels, words = task["texts"], task["labels"], task["words"]


def train(sentences, skip_gram, epochs):
    start = time.process_time()
    model = Word2Vec(
        sentences, vector_size=task["width"], window=task["window"], sg=skip_gram, negative=5, min_count=2,
        sample=1e-3, epochs=epochs, workers=1, seed=1,
    )
    seconds = time.process_time() - start
    return model, epochs * sum(map(len, sentences)) / seconds


corpus = [words[i] for i in task["unlabelled"]]
model, skip_gram_rate = train(corpus, 1, task["epochs"])
_, cbow_rate = train(corpus, 0, task["epochs"])
zero = numpy.zeros(task["width"])
mean = [numpy.mean([model.wv[w] for w in s if w in model.wv] or [zero], axis=0) for s in words]


def score(x_train, y_train, x_test, y_test):
    return float(LogisticRegression(max_iter=1000).fit(x_train, y_train).score(x_test, y_test))


results = []
for draw in task["draws"]:
    dev, test = draw["dev"], draw["test"]
    y, y_test = [labels[i] for i in dev], [labels[i] for i in test]
    bag = CountVectorizer().fit([texts[i] for i in dev])
    x, x_test = bag.transform([texts[i] for i in dev]), bag.transform([texts[i] for i in test])
    vectors = numpy.array([mean[i] for i in dev])
    scale = vectors.std() or 1
    results.append({
        "bag": score(x, y, x_test, y_test),
        "gensim": score(vectors / scale, y, numpy.array([mean[i] for i in test]) / scale, y_test),
    })
json.dump({"skipGramRate": skip_gram_rate, "cbowRate": cbow_rate, "results": results}, sys.stdout)
