"""The usual script: scaled features of one network, logistic regression, its strength by a grid over five folds.

Reads one JSON line: {"rows", "cols", "labels", "test", "features"}: `test` marks rows that are only scored, `features` names a file of
little-endian 32-bit floats. Prints {"accuracy", "fitMs", "sklearn"}.
"""

import json
import sys
import time

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

task = json.load(sys.stdin)
x = numpy.fromfile(task["features"], dtype="<f4").reshape(task["rows"], task["cols"])
y = numpy.array(task["labels"])
test = numpy.array(task["test"], dtype=bool)
start = time.perf_counter()
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
grid = GridSearchCV(model, {"logisticregression__C": [0.001, 0.01, 0.1, 1, 10]}, cv=5)
grid.fit(x[~test], y[~test])
fit_ms = (time.perf_counter() - start) * 1000
accuracy = float((grid.predict(x[test]) == y[test]).mean())
print(json.dumps({"accuracy": accuracy, "fitMs": fit_ms, "sklearn": sklearn.__version__}))
