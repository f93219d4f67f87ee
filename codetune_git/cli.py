"""The command line (being written)."""


def main() -> None: ...
