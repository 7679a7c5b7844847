#!/usr/bin/env python3
"""Predicts texts with the model of this folder.

    pip install onnxruntime numpy
    python3 predict.py "a text" ...

Prints one JSON document a text and line; `predict` and `tokens_of` may also be imported. Models that cut texts into words themselves
(n-grams, word vectors) need JavaScript's dictionaries for scripts that put no spaces between words (Chinese, Japanese, Thai and the
like): such texts are refused here. Post them to `npx graft serve` instead.
"""
import json
import pathlib
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent

# Code points, hexadecimal: scripts without spaces, and picture characters (Unicode's Extended_Pictographic).
UNSPACED = """
e01-e3a e40-e5b e81-e82 e84 e86-e8a e8c-ea3 ea5 ea7-ebd ec0-ec4 ec6 ec8-ece ed0-ed9 edc-edf 1000-109f 1780-17dd
17e0-17e9 17f0-17f9 19e0-19ff 2e80-2e99 2e9b-2ef3 2f00-2fd5 3005 3007 3021-3029 3038-303b 3041-3096 309d-309f
30a1-30fa 30fc-30ff 31f0-31ff 32d0-32fe 3300-3357 3400-4dbf 4e00-9fff a9e0-a9fe aa60-aa7f f900-fa6d fa70-fad9
ff66-ff6f ff71-ff9d 116d0-116e3 16fe2-16fe3 16ff0-16ff6 1aff0-1aff3 1aff5-1affb 1affd-1affe 1b000-1b122 1b132
1b150-1b152 1b155 1b164-1b167 1f200 20000-2a6df 2a700-2b81d 2b820-2cead 2ceb0-2ebe0 2ebf0-2ee5d 2f800-2fa1d
30000-3134a 31350-33479
"""
PICTOGRAPHIC = """
a9 ae 203c 2049 2122 2139 2194-2199 21a9-21aa 231a-231b 2328 23cf 23e9-23f3 23f8-23fa 24c2 25aa-25ab 25b6 25c0
25fb-25fe 2600-2604 260e 2611 2614-2615 2618 261d 2620 2622-2623 2626 262a 262e-262f 2638-263a 2640 2642 2648-2653
265f-2660 2663 2665-2666 2668 267b 267e-267f 2692-2697 2699 269b-269c 26a0-26a1 26a7 26aa-26ab 26b0-26b1 26bd-26be
26c4-26c5 26c8 26ce-26cf 26d1 26d3-26d4 26e9-26ea 26f0-26f5 26f7-26fa 26fd 2702 2705 2708-270d 270f 2712 2714 2716
271d 2721 2728 2733-2734 2744 2747 274c 274e 2753-2755 2757 2763-2764 2795-2797 27a1 27b0 27bf 2934-2935 2b05-2b07
2b1b-2b1c 2b50 2b55 3030 303d 3297 3299 1f004 1f02c-1f02f 1f094-1f09f 1f0af-1f0b0 1f0c0 1f0cf-1f0d0 1f0f6-1f0ff
1f170-1f171 1f17e-1f17f 1f18e 1f191-1f19a 1f1ae-1f1e5 1f201-1f20f 1f21a 1f22f 1f232-1f23a 1f23c-1f23f 1f249-1f25f
1f266-1f321 1f324-1f393 1f396-1f397 1f399-1f39b 1f39e-1f3f0 1f3f3-1f3f5 1f3f7-1f3fa 1f400-1f4fd 1f4ff-1f53d
1f549-1f54e 1f550-1f567 1f56f-1f570 1f573-1f57a 1f587 1f58a-1f58d 1f590 1f595-1f596 1f5a4-1f5a5 1f5a8 1f5b1-1f5b2
1f5bc 1f5c2-1f5c4 1f5d1-1f5d3 1f5dc-1f5de 1f5e1 1f5e3 1f5e8 1f5ef 1f5f3 1f5fa-1f64f 1f680-1f6c5 1f6cb-1f6d2
1f6d5-1f6e5 1f6e9 1f6eb-1f6f0 1f6f3-1f6ff 1f7da-1f7ff 1f80c-1f80f 1f848-1f84f 1f85a-1f85f 1f888-1f88f 1f8ae-1f8af
1f8bc-1f8bf 1f8c2-1f8cf 1f8d9-1f8ff 1f90c-1f93a 1f93c-1f945 1f947-1f9ff 1fa58-1fa5f 1fa6e-1faff 1fc00-1fffd
"""

WHITE = "\t\n\x0b\x0c\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
CJK = re.compile("[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\U00020000-\U0002fa1f]")
ASCII_MARKS = set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def code_points(ranges):
    found = set()
    for item in ranges.split():
        first, _, last = item.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


UNSPACED_POINTS = code_points(UNSPACED)
PICTOGRAPHIC_POINTS = code_points(PICTOGRAPHIC)


def is_kind(character, kinds):
    return unicodedata.category(character)[0] in kinds


def words_of(text):
    """The words of a text, as training cut it."""
    text = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    if any(ord(character) in UNSPACED_POINTS for character in text):
        raise ValueError("this text needs JavaScript's dictionaries: post it to `npx graft serve`, or use predict.mjs")
    words, word = [], ""
    for at, character in enumerate(text):
        if is_kind(character, "LMN"):
            word += character
            continue
        joins = character == "'" and word and at + 1 < len(text) and is_kind(text[at + 1], "LMN")
        if joins:
            word += character
            continue
        if word:
            words.append(word)
            word = ""
        if ord(character) in PICTOGRAPHIC_POINTS or character in "!?":
            words.append(character)
    return words + [word] if word else words


def runs_of(items, shortest, longest):
    for start in range(len(items)):
        for length in range(shortest, min(longest, len(items) - start) + 1):
            yield items[start : start + length]


def word_tokens(file, spec, text):
    number_of = {word: index + 1 for index, word in enumerate(file["words"])}
    subwords = file["subwords"]
    ngram_of = {ngram: len(file["words"]) + index + 1 for index, ngram in enumerate(subwords["ngrams"])} if subwords else {}
    tokens, parts = [], spec["parts"]
    for word in words_of(text):
        if word in number_of:
            numbers = [number_of[word]]
        else:
            marked = f"<{word}>"
            runs = runs_of(marked, subwords["shortest"], subwords["longest"]) if subwords else []
            distinct = dict.fromkeys(run for run in runs if len(run) < len(marked))
            numbers = [ngram_of[ngram] for ngram in distinct if ngram in ngram_of][:parts]
        if numbers:
            tokens += numbers + [spec["padding"]] * (parts - len(numbers))
    return tokens[: spec["maxTokens"] * parts]


def fnv(text):
    value = 0x811C9DC5
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def ngram_tokens(file, spec, text):
    sizes = file["sizes"]
    word_of = {value: index + 1 for index, value in enumerate(file["words"])}
    character_of = {value: len(file["words"]) + index + 1 for index, value in enumerate(file["characters"])}
    words = words_of(text)
    found = [word_of.get(fnv("w:" + " ".join(run))) for run in runs_of(words, 1, sizes["words"])]
    for word in words:
        runs = runs_of(f" {word} ", sizes["shortest"], sizes["longest"])
        found += [character_of.get(fnv("c:" + run)) for run in runs]
    return [number for number in found if number is not None][: spec["maxTokens"]]


def without_bad(text):
    keep = lambda c: c in "\t\n\r" or (c not in "\0\ufffd" and unicodedata.category(c) not in ("Cc", "Cf", "Co"))
    return "".join(filter(keep, text))


def without_accents(text):
    return "".join(c for c in text if unicodedata.category(c) != "Mn")


def normalised(text, step):
    kind = step["type"]
    if kind == "BertNormalizer":
        lower = step.get("lowercase", True)
        if step.get("clean_text", True):
            text = re.sub(f"[{WHITE}]", " ", without_bad(text))
        if step.get("handle_chinese_chars", True):
            text = CJK.sub(r" \g<0> ", text)
        strip = step.get("strip_accents")
        if lower if strip is None else strip:
            text = without_accents(unicodedata.normalize("NFD", text))
        return text.lower() if lower else text
    if kind == "Lowercase":
        return text.lower()
    if kind == "StripAccents":
        return without_accents(text)
    if kind == "Precompiled":
        return without_bad(re.sub(f"[{WHITE}]", " ", unicodedata.normalize("NFKC", text)))
    if kind == "Replace":
        pattern = step["pattern"]
        if "String" in pattern:
            return text.replace(pattern["String"], step["content"])
        return re.sub(pattern["Regex"], step["content"].replace("\\", "\\\\"), text)
    if kind == "Strip":
        text = text.lstrip() if step.get("strip_left", True) else text
        return text.rstrip() if step.get("strip_right", True) else text
    if kind == "Prepend":
        return step["prepend"] + text
    return unicodedata.normalize(kind, text)


def bert_split(text):
    pieces, piece = [], ""
    for character in text:
        mark = character in ASCII_MARKS or is_kind(character, "P")
        if mark or re.match(f"[{WHITE}]", character):
            pieces += [piece] if piece else []
            pieces += [character] if mark else []
            piece = ""
        else:
            piece += character
    return pieces + [piece] if piece else pieces


def metaspace_split(text, at, step):
    mark = step.get("replacement", "\u2581")
    scheme = step.get("prepend_scheme") or ("always" if step.get("add_prefix_space", True) else "never")
    text = text.replace(" ", mark)
    if (scheme == "always" or (scheme == "first" and at == 0)) and not text.startswith(mark):
        text = mark + text
    return [piece for piece in re.split(f"(?={re.escape(mark)})", text) if piece]


def split_by(pieces, step):
    kind = step["type"]
    if kind == "Metaspace":
        return [piece for at, text in enumerate(pieces) for piece in metaspace_split(text, at, step)]
    if kind == "BertPreTokenizer":
        return [piece for text in pieces for piece in bert_split(text)]
    pattern = f"[^{WHITE}]+" if kind == "WhitespaceSplit" else r"\w+|[^\w\s]+"
    return [piece for text in pieces for piece in re.findall(pattern, text)]


def word_pieces(model, word):
    vocabulary, prefix = model["vocab"], model.get("continuing_subword_prefix", "##")
    unknown = [vocabulary[model.get("unk_token", "[UNK]")]]
    if len(word) > model.get("max_input_chars_per_word", 100):
        return unknown
    found, start = [], 0
    while start < len(word):
        pieces = ((end, (prefix if start else "") + word[start:end]) for end in range(len(word), start, -1))
        end, piece = next((item for item in pieces if item[1] in vocabulary), (0, None))
        if piece is None:
            return unknown
        found.append(vocabulary[piece])
        start = end
    return found


def unigram_pieces(model, word):
    known = {piece: (number, score) for number, (piece, score) in enumerate(model["vocab"])}
    longest = max([1] + [len(piece) for piece in known])
    unknown = model.get("unk_id")
    worst = min([0] + [score for _, score in known.values()]) - 10
    best = [(0, 0, -1)]
    for end in range(1, len(word) + 1):
        top = (best[end - 1][0] + worst, end - 1, -1 if unknown is None else unknown)
        for start in range(max(0, end - longest), end):
            number, score = known.get(word[start:end], (-1, float("-inf")))
            if best[start][0] + score > top[0]:
                top = (best[start][0] + score, start, number)
        best.append(top)
    numbers, end = [], len(word)
    while end > 0:
        _, start, number = best[end]
        if number >= 0 and not (number == unknown and numbers and numbers[-1] == unknown):
            numbers.append(number)
        end = start
    return numbers[::-1]


def frame_of(processor):
    if not processor:
        return [], []
    if processor["type"] != "TemplateProcessing":
        return [processor["cls"][1]], [processor["sep"][1]]
    single, special = processor["single"], processor["special_tokens"]
    at = next(index for index, piece in enumerate(single) if "Sequence" in piece)
    numbers = lambda pieces: [n for piece in pieces if "SpecialToken" in piece for n in special[piece["SpecialToken"]["id"]]["ids"]]
    return numbers(single[:at]), numbers(single[at + 1 :])


def steps_of(part, name):
    return (part.get(name) or [part]) if part else []


def published_tokens(file, spec, text):
    for step in steps_of(file.get("normalizer"), "normalizers"):
        text = normalised(text, step)
    pieces = [text]
    for step in steps_of(file.get("pre_tokenizer"), "pretokenizers"):
        pieces = split_by(pieces, step)
    before, after = frame_of(file.get("post_processor"))
    room = max(1, spec["maxTokens"] - len(before) - len(after))
    cut = unigram_pieces if file["model"].get("type") == "Unigram" else word_pieces
    numbers = [number for piece in pieces for number in cut(file["model"], piece)]
    return before + numbers[:room] + after


def tokens_of(text, file, spec):
    """The numbers of a text, `parts` of `preprocess.json` a token, by what `tokenizer.json` holds."""
    tokens = {"words": word_tokens, "ngrams": ngram_tokens}.get(file.get("kind"), published_tokens)(file, spec, text)
    return tokens or [spec["padding"]] * spec["parts"]


def load(name):
    return json.loads((HERE / name).read_text(encoding="utf-8"))


OPENED = None


def opened():
    """Session, labels, manifest, tokenizer and input, read once."""
    global OPENED
    if OPENED is None:
        import onnxruntime

        manifest, spec = load("manifest.json"), load("preprocess.json")
        session = onnxruntime.InferenceSession(str(HERE / manifest["model"]["file"]))
        OPENED = session, load("labels.json"), manifest, load(spec["tokenizer"]["file"]), spec
    return OPENED


def predict(text):
    """Which label a text has."""
    import numpy

    session, labels, manifest, file, spec = opened()
    shape = (1, -1) if spec["parts"] == 1 else (1, -1, spec["parts"])
    tokens = numpy.asarray(tokens_of(text, file, spec), dtype=numpy.int64).reshape(shape)
    row = session.run(["probabilities"], {"tokens": tokens})[0][0]
    confidence = float(row.max())
    return {
        "label": labels[int(row.argmax())],
        "confidence": confidence,
        "probabilities": {label: float(share) for label, share in zip(labels, row)},
        "unknown": confidence < (manifest.get("unknownBelow") or 0),
    }


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(json.dumps({"text": argument, **predict(argument)}))
