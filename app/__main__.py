"""`gavebord`, and `python -m app`: nothing that a start loads is garbage, so nobody looks for any
until it is loaded, and never again among what was."""

import gc

gc.disable()

from app.cli import main as command  # noqa: E402


def main() -> None:
    gc.freeze()
    gc.enable()
    command()


if __name__ == "__main__":
    main()
