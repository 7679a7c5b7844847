"""The usual script from pictures on: features of torchvision's ResNet-18, logistic regression, its strength by a grid over five folds.

Reads one JSON document: {"paths", "labels", "test"}: `test` marks pictures that are only scored. Prints {"featuresMs", "fitMs", "accuracy",
"torch", "torchvision", "threads"}. torchvision's weights cannot be downloaded here, so the network has random ones: the times are those of the
trained one, the accuracy is not.
"""

import json
import os
import sys
import time

import numpy
import torch
import torchvision
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torchvision import transforms

BATCH = 32

task = json.load(sys.stdin)
y = numpy.array(task["labels"])
test = numpy.array(task["test"], dtype=bool)
torch.manual_seed(1)
torch.set_num_threads(os.cpu_count())
network = torchvision.models.resnet18(weights=None)
network.fc = torch.nn.Identity()
network.eval()
prepare = transforms.Compose(
    [
        transforms.Resize(256),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]
)


def features(paths):
    with torch.inference_mode():
        return network(torch.stack([prepare(Image.open(path).convert("RGB")) for path in paths])).numpy()


features(task["paths"][:BATCH])
start = time.perf_counter()
x = numpy.concatenate([features(task["paths"][at : at + BATCH]) for at in range(0, len(y), BATCH)])
features_ms = (time.perf_counter() - start) * 1000
start = time.perf_counter()
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
grid = GridSearchCV(model, {"logisticregression__C": [0.001, 0.01, 0.1, 1, 10]}, cv=5)
grid.fit(x[~test], y[~test])
fit_ms = (time.perf_counter() - start) * 1000
print(
    json.dumps(
        {
            "featuresMs": features_ms,
            "fitMs": fit_ms,
            "accuracy": float((grid.predict(x[test]) == y[test]).mean()),
            "torch": torch.__version__,
            "torchvision": torchvision.__version__,
            "threads": torch.get_num_threads(),
        }
    )
)
