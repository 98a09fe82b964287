"""Measures our speed beside LlamaIndex, Haystack and txtai: the same articles, embedder, 2 cores.

    python eval/peers.py --venvs FOLDER [--articles 200] [--rounds 3]

Each of the others runs in an environment of its own; one that is missing is left out:

    python -m venv FOLDER/llamaindex; python -m venv FOLDER/haystack; python -m venv FOLDER/txtai
    FOLDER/llamaindex/bin/pip install -c constraints.txt torch faiss-cpu llama-index-core
        llama-index-embeddings-huggingface llama-index-vector-stores-faiss
    FOLDER/haystack/bin/pip install -c constraints.txt torch haystack-ai sentence-transformers
        sentence-transformers-haystack
    FOLDER/txtai/bin/pip install -c constraints.txt torch txtai chonkie

Each is set up as its own documents show, with passages of about 200 tokens that share about 20
with the one before, found by vectors alone; ours by vectors and by words, with everything loaded
that answering needs. Building is timed with the model loaded, up to the index being on disk. A cold
start is a new process, from its start to the passages found for its first question. Nothing is
fetched. Linux only: memory is read from /proc.

Where other work runs on the same cores, set OMP_WAIT_POLICY=passive for all: threads that spin as
they wait slow a short question down many times, and ours is the only one to set it by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import _article, _sentences
from rich.console import Console
from rich.table import Table

from qa_bot.embedding import BUNDLED_MODEL, has_bfloat16, weights_folder
from qa_bot.resources import resource

_CORES = 2
_QUESTIONS = 31  # the first is the cold start's
_OURS = "qa-bot"
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "CUDA_VISIBLE_DEVICES": "",
}

# What runs in each environment: to_build(model, folder) loads the model and returns a function that
# makes the index of the articles in the folder and returns the number of passages; to_search(model,
# folder) opens that index and returns a function that finds ten passages for a question.
_QA_BOT = """
from qa_bot import Article, QABot

def to_build(model, folder):
    bot = QABot.create(folder)
    bot.search("warm up")
    def build(articles):
        bot.add([Article(a["id"], a["title"], a["text"]) for a in articles])
        return sum(bot.passage_counts().values())
    return build

def to_search(model, folder):
    bot = QABot.open(folder)
    return lambda question: bot.search(question, k=10)
"""

_LLAMAINDEX = """
import faiss
from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex
from llama_index.core import load_index_from_storage
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore

def to_build(model, folder):
    Settings.embed_model = HuggingFaceEmbedding(model_name=model)
    Settings.node_parser = SentenceSplitter(chunk_size=200, chunk_overlap=20)
    Settings.embed_model.get_text_embedding("warm up")
    def build(articles):
        documents = [
            Document(text=a["text"], metadata={"title": a["title"]}, doc_id=a["id"])
            for a in articles
        ]
        store = FaissVectorStore(faiss_index=faiss.IndexFlatL2(384))
        storage = StorageContext.from_defaults(vector_store=store)
        index = VectorStoreIndex.from_documents(documents, storage_context=storage)
        index.storage_context.persist(persist_dir=folder)
        return store.client.ntotal
    return build

def to_search(model, folder):
    Settings.embed_model = HuggingFaceEmbedding(model_name=model)
    store = FaissVectorStore.from_persist_dir(folder)
    storage = StorageContext.from_defaults(vector_store=store, persist_dir=folder)
    return load_index_from_storage(storage).as_retriever(similarity_top_k=10).retrieve
"""

_HAYSTACK = """
from haystack import Document, Pipeline
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder, SentenceTransformersTextEmbedder,
)

def to_build(model, folder):
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    embedder = SentenceTransformersDocumentEmbedder(
        model=model, meta_fields_to_embed=["title"], progress_bar=False
    )
    pipeline = Pipeline()
    pipeline.add_component(
        "splitter", DocumentSplitter(split_by="word", split_length=150, split_overlap=15)
    )
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("writer", DocumentWriter(document_store=store))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    embedder.warm_up()
    embedder.run([Document(content="warm up")])
    def build(articles):
        documents = [
            Document(id=a["id"], content=a["text"], meta={"title": a["title"]}) for a in articles
        ]
        pipeline.run({"splitter": {"documents": documents}})
        store.save_to_disk(folder)
        return store.count_documents()
    return build

def to_search(model, folder):
    store = InMemoryDocumentStore.load_from_disk(folder)
    pipeline = Pipeline()
    pipeline.add_component(
        "embedder", SentenceTransformersTextEmbedder(model=model, progress_bar=False)
    )
    pipeline.add_component("retriever", InMemoryEmbeddingRetriever(store, top_k=10))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")
    return lambda text: pipeline.run({"embedder": {"text": text}})["retriever"]["documents"]
"""

_TXTAI = """
from txtai import Embeddings

def to_build(model, folder):
    from transformers import AutoTokenizer
    from txtai.pipeline import Segmentation
    split = Segmentation(
        chunker="sentence", tokenizer=AutoTokenizer.from_pretrained(model),
        chunk_size=200, chunk_overlap=20,
    )
    embeddings = Embeddings(path=model, content=True)
    embeddings.transform("warm up")
    def build(articles):
        embeddings.index(
            {"text": text, "title": a["title"]} for a in articles for text in split(a["text"])
        )
        embeddings.save(folder)
        return embeddings.count()
    return build

def to_search(model, folder):
    embeddings = Embeddings()
    embeddings.load(folder)
    return lambda question: embeddings.search(question, 10)
"""

_SYSTEMS = {_OURS: _QA_BOT, "llamaindex": _LLAMAINDEX, "haystack": _HAYSTACK, "txtai": _TXTAI}

_COMMON = """
import json, sys, time
from pathlib import Path

def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

model, folder, given, began = sys.argv[1:]
lines = Path(given).read_text(encoding="utf-8").splitlines()
"""

_BUILD = f"""{_COMMON}
articles = [json.loads(line) for line in lines]
build = to_build(model, folder)
start = time.perf_counter()
passages = build(articles)
seconds = time.perf_counter() - start
print(json.dumps({{"passages": passages, "seconds": seconds, "megabytes": peak()}}))
"""

_ASK = f"""{_COMMON}
search = to_search(model, folder)
found = len(search(lines[0]))
cold = time.time() - float(began)
milliseconds = []
for line in lines[1:]:
    start = time.perf_counter()
    search(line)
    milliseconds.append((time.perf_counter() - start) * 1000)
assert found == 10, f"{{found}} passages found"
print(json.dumps({{"cold": cold, "milliseconds": milliseconds, "megabytes": peak()}}))
"""


def main() -> None:
    """Run the rounds, the systems in turn, and print one table of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venvs", type=Path, required=True, help="folder of the environments")
    parser.add_argument("--articles", type=int, default=200, help="articles of the index")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over the systems")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])
    figures: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_articles(folder / "articles.jsonl", arguments.articles)
        _write_questions(folder / "questions.txt")
        for system, figure in _rounds(folder, arguments.venvs, arguments.rounds):
            figures.setdefault(system, []).append(figure)
    if _OURS not in figures:
        sys.exit("Our own measurement failed, so there is nothing to compare with.")
    policy = os.environ.get("OMP_WAIT_POLICY", "not set")
    title = f"bfloat16 on this processor: {has_bfloat16()}; OMP_WAIT_POLICY: {policy}"
    Console().print(_table(figures, title))


def _rounds(folder: Path, venvs: Path, rounds: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each system's figures of each round; one that is missing or fails is left out."""
    console = Console(stderr=True)
    pythons = {system: venvs.absolute() / system / "bin" / "python" for system in _SYSTEMS}
    pythons[_OURS] = Path(sys.executable)
    for system in [system for system, python in pythons.items() if not python.exists()]:
        console.print(f"{system}: there is no {pythons.pop(system)}; left out")
    for number in range(rounds):
        for system, python in list(pythons.items()):
            try:
                yield system, _measured(system, python, folder, f"{system}-{number}")
                console.print(f"… round {number + 1}, {system}")
            except subprocess.CalledProcessError as exc:
                del pythons[system]
                console.print(f"{system} failed; left out\n{exc.stderr[-2000:]}", markup=False)


def _measured(system: str, python: Path, folder: Path, index: str) -> dict[str, float]:
    """Build an index in one process and ask it in another; return the figures of both."""
    built = _run(python, _SYSTEMS[system] + _BUILD, folder, index, "articles.jsonl")
    asked = _run(python, _SYSTEMS[system] + _ASK, folder, index, "questions.txt")
    times = sorted(asked["milliseconds"])
    return {
        "passages": built["passages"],
        "passages/s": built["passages"] / built["seconds"],
        "build, s": built["seconds"],
        "cold start, s": asked["cold"],
        "warm p50, ms": statistics.median(times),
        "warm p95, ms": times[int(len(times) * 0.95)],
        "building, MB": built["megabytes"],
        "asking, MB": asked["megabytes"],
    }


def _run(python: Path, program: str, folder: Path, index: str, given: str) -> dict[str, Any]:
    """Run a program in an environment; return the JSON of its last line."""
    model = weights_folder(BUNDLED_MODEL)
    environment = {key: value for key, value in os.environ.items() if "TIKTOKEN" not in key}
    command: list[str | Path] = [python, "-c", program, model, folder / index, folder / given]
    command.append(str(time.time()))
    done = subprocess.run(
        command, cwd=folder, env=environment | _OFFLINE, capture_output=True, text=True, check=True
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _table(figures: dict[str, list[dict[str, float]]], title: str) -> Table:
    """Return the medians over the rounds, in brackets divided by ours."""
    table = Table("median (÷ ours)", *figures, title=title)
    for row in figures[_OURS][0]:
        medians = {
            system: statistics.median(figure[row] for figure in rounds)
            for system, rounds in figures.items()
        }
        ours = medians.pop(_OURS)
        others = [f"{_shown(value)} ({value / ours:.2f})" for value in medians.values()]
        table.add_row(row, _shown(ours), *others)
    return table


def _shown(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def _write_articles(path: Path, n_articles: int) -> None:
    """Write the articles that bench.py makes, one as JSON on each line."""
    sentences = _sentences()
    made = (_article(sentences, number) for number in range(n_articles))
    lines = [json.dumps({"id": a.id, "title": a.title, "text": a.text}) for a in made]
    path.write_text("\n".join(lines), encoding="utf-8")


def _write_questions(path: Path) -> None:
    """Write the first questions of the sample set, one on each line."""
    queries = resource("eval/datasets/sample") / "queries.jsonl"
    lines = queries.read_text(encoding="utf-8").splitlines()[:_QUESTIONS]
    path.write_text("\n".join(json.loads(line)["text"] for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
