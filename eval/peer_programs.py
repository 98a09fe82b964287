"""The programs that `peers` runs in each system: one builds an index, one asks it."""

from __future__ import annotations

OURS = "qa-bot"
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

SYSTEMS = {OURS: _QA_BOT, "llamaindex": _LLAMAINDEX, "haystack": _HAYSTACK, "txtai": _TXTAI}

_COMMON = """
import json, sys, time
from pathlib import Path

def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

model, folder, given, began = sys.argv[1:]
lines = Path(given).read_text(encoding="utf-8").splitlines()
"""

BUILD = f"""{_COMMON}
articles = [json.loads(line) for line in lines]
build = to_build(model, folder)
start = time.perf_counter()
passages = build(articles)
seconds = time.perf_counter() - start
print(json.dumps({{"passages": passages, "seconds": seconds, "megabytes": peak()}}))
"""

ASK = f"""{_COMMON}
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
