"""The rules of the house as functions over a tree of code; each gives what breaks it, one line a fault."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

LAYERS = (("accounts",), ("customers",), ("relations", "consent"), ("quality", "campaigns"), ("config",))
RANK = {package: rank for rank, layer in enumerate(LAYERS) for package in layer}
WRITES = {
    *("save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"),
    *("abulk_create", "acreate", "adelete", "asave", "aupdate", "raw_delete", "copy", "executemany"),
}
# Input, reads and pages: what they change, they change through a service.
READERS = {
    *("forms", "filters", "views", "panels", "tables", "tasks", "api", "cards", "dossier", "reading", "gates"),
    *("querysets", "search", "paging", "home", "menu", "context_processors"),
}
PURE = {
    *("customers.standard", "customers.dedup", "customers.golden", "customers.demo", "customers.masking"),
    *("customers.numbering", "customers.formats", "customers.sealing", "customers.search.terms"),
    *("customers.feeds.layouts", "customers.feeds.mapping", "customers.feeds.parsing", "customers.feeds.reading"),
    *("customers.feeds.pipeline", "customers.feeds.customer_rows", "customers.feeds.contract_rows"),
}
NOT_PURE = {"django", "celery", "guardian", "simple_history", "psycopg", "redis"}
# {kind of module: kinds of modules of the same house that it may not import}
DENIED = {
    "models": {"services", "forms", "views", "tasks", "panels", "api", "admin"},
    "querysets": {"services", "forms", "views", "tasks", "panels", "api", "admin"},
    "services": {"forms", "views", "panels", "api", "admin", "filters", "tables"},
    "panels": {"views", "forms", "api", "admin"},
    "tasks": {"views", "forms", "panels", "api", "admin"},
}
VAGUE = {"utils", "helpers", "common", "base", "misc", "signals"}
MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 500, 50, 80


def modules(root: Path) -> list[Path]:
    """The Python files of all packages, without migrations, in a steady order."""
    found = (path for package in RANK for path in sorted((root / package).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


def dotted(path: Path, root: Path) -> str:
    """customers/golden/naming.py → customers.golden.naming; a package is called by its own name."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner ones among them."""
    nodes = ast.walk(tree_of(path))
    return (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imports(path: Path, root: Path) -> set[str]:
    """Dotted names of all that a file imports, deferred imports among them; `from a import b` gives a and a.b."""
    own = dotted(path, root).split(".")
    package = own if path.name == "__init__.py" else own[:-1]
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return names


def kind_of(name: str) -> str:
    """What a module is by its place: customers.views.search → views, accounts.models → models."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def upward_imports(root: Path) -> Iterator[str]:
    """A package imports itself and lower layers only; neighbours of one layer never import each other."""
    for path in modules(root):
        own = path.relative_to(root).parts[0]
        others = {name.split(".")[0] for name in imports(path, root)} & RANK.keys() - {own}
        for other in sorted(others):
            if RANK[other] >= RANK[own]:
                yield f"{path.relative_to(root)} imports {other}"


def writes_of_readers(root: Path) -> Iterator[str]:
    """Views, forms, filters, panels, tasks and reads call nothing that writes."""
    for path in modules(root):
        if kind_of(dotted(path, root)) not in READERS:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node.func):
                yield f"{path.relative_to(root)}:{node.lineno} calls {node.func.attr}"


def _writes(called: ast.Attribute) -> bool:
    """Whether the call is one of WRITES; a copy of a dictionary or query string is none, nor is the cache."""
    holder = called.value.id if isinstance(called.value, ast.Name) else getattr(called.value, "attr", "")
    return called.attr in WRITES and not (
        called.attr == "copy" and holder in {"query", "data", "GET"} or holder == "cache"
    )


def impure_imports(root: Path) -> Iterator[str]:
    """Standard forms, matching, golden choice and their like know no Django, no database, no model."""
    for path in modules(root):
        name = dotted(path, root)
        if not any(name == pure or name.startswith(f"{pure}.") for pure in PURE):
            continue
        for imported in sorted(imports(path, root)):
            own = imported.split(".")[0] in RANK
            if imported.split(".")[0] in NOT_PURE or (own and kind_of(imported) in {"models", "querysets", "services"}):
                yield f"{path.relative_to(root)} imports {imported}"


def denied_imports(root: Path) -> Iterator[str]:
    """Within the house each kind of module imports only what may stand below it."""
    for path in modules(root):
        name = dotted(path, root)
        for imported in sorted(imports(path, root)):
            if imported.split(".")[0] not in RANK:
                continue
            if kind_of(imported) in DENIED.get(kind_of(name), set()):
                yield f"{path.relative_to(root)} imports {imported}"


def foreign_pages(root: Path) -> Iterator[str]:
    """The views of one app are not another app's business; only URLs of config lead to them."""
    for path in modules(root):
        own = path.relative_to(root).parts[0]
        for imported in sorted(imports(path, root)):
            app = imported.split(".")[0]
            if own != "config" and app in RANK and app != own and kind_of(imported) in {"views", "forms", "tables"}:
                yield f"{path.relative_to(root)} imports {imported}"


def early_task_imports(root: Path) -> Iterator[str]:
    """Tasks take in services inside their bodies, so that services may queue tasks."""
    for path in modules(root):
        if kind_of(dotted(path, root)) != "tasks":
            continue
        for node in tree_of(path).body:
            names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            if isinstance(node, ast.ImportFrom):
                names = {node.module or ""}
            yield from (f"{path.relative_to(root)} imports {name}" for name in names if name.split(".")[0] in RANK)


def vague_names(root: Path) -> Iterator[str]:
    """A name says what a module holds; signals are not used."""
    for path in modules(root):
        if set(dotted(path, root).split(".")) & VAGUE:
            yield str(path.relative_to(root))


def too_long(root: Path) -> Iterator[str]:
    """Modules, functions and templates stay within their limits."""
    for path in modules(root):
        if (lines := _lines(path)) > MODULE_LINES:
            yield f"{path.relative_to(root)}: {lines} lines"
        for function in functions(path):
            if (lines := function.end_lineno - function.lineno + 1) > FUNCTION_LINES:
                yield f"{path.relative_to(root)}:{function.lineno} {function.name}: {lines} lines"
    for path in sorted((root / "templates").rglob("*.html")):
        if (lines := _lines(path)) > TEMPLATE_LINES:
            yield f"{path.relative_to(root)}: {lines} lines"


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def unannotated(root: Path) -> Iterator[str]:
    """Every signature is annotated."""
    for path in modules(root):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                given = [
                    *node.args.posonlyargs,
                    *node.args.args,
                    *node.args.kwonlyargs,
                    node.args.vararg,
                    node.args.kwarg,
                ]
                bare = [a.arg for a in given if a and a.annotation is None and a.arg not in ("self", "cls")]
                if bare:
                    yield f"{path.relative_to(root)}:{node.lineno} {node.name}({', '.join(bare)})"


def inline_code(root: Path) -> Iterator[str]:
    """Templates hold no style and no script of their own, which the content security policy would refuse."""
    for path in sorted((root / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for sign in (' style="', "<style", "onclick=", "onchange=", "onsubmit=", "javascript:", "hx-on"):
            if sign in text:
                yield f"{path.relative_to(root)}: {sign.strip()}"
        if text.count("<script") != text.count("<script src="):
            yield f"{path.relative_to(root)}: <script"


def forgotten(pointing: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Models that point at a customer without anybody who moves them in a merge. Both as `app.Model`."""
    return sorted(set(pointing) - set(taken))
