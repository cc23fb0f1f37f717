"""`make fuzz`: every target under atheris (libFuzzer), one after the other, for so many seconds.

What is found is left in build/fuzz as `crash-*`; the exit status is 1 then.
"""

import subprocess
import sys
from pathlib import Path

BUILD = Path("build/fuzz")
# libFuzzer's own limits: memory of a run, one input's time, and the length of an input.
SHOWN = 4000
LIMITS = ("-rss_limit_mb=1024", "-timeout=5", "-max_len=1024", "-print_final_stats=1")


def fuzz(name: str, seconds: int) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris  # noqa: PLC0415 - only the child has it to import

    with atheris.instrument_imports(include=["edge", "biip"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - instrumented, so here first
    target = TARGETS[name]
    corpus = BUILD / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    arguments = [f"-max_total_time={seconds}", f"-artifact_prefix={BUILD}/{name}-", *LIMITS]
    atheris.Setup([sys.argv[0], *arguments, str(corpus)], target.take)
    atheris.Fuzz()


def report(name: str, child: "subprocess.CompletedProcess[str]") -> str:
    """One line of what libFuzzer said of a target; behind it, what went wrong."""
    lines = child.stderr.splitlines()
    runs = next((line.split()[-1] for line in lines if "number_of_executed_units" in line), "?")
    edges = [line.partition("cov: ")[2].split()[0] for line in lines if " cov: " in line]
    verdict = f"FAILED\n{child.stderr[-SHOWN:]}" if child.returncode else "well"
    return f"{name}: {runs} inputs, {edges[-1] if edges else '?'} edges: {verdict}\n"


def main() -> int:
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - the child must not import it so

    failed = False
    for name in TARGETS:
        command = [sys.executable, "-m", "tests.fuzz.run", sys.argv[1], name]
        child = subprocess.run(command, capture_output=True, text=True, check=False)
        sys.stdout.write(report(name, child))
        sys.stdout.flush()
        failed = failed or child.returncode != 0
    return int(failed)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        fuzz(sys.argv[2], int(sys.argv[1]))
    else:
        sys.exit(main())
