"""`git codetune mcp`: a server of the Model Context Protocol on standard input and output. The only caller of its SDK.

1 the tools and what each is given, all of them texts
2 a call: its arguments are checked, then the repository is asked; what cannot be done is one line
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codetune_git import __version__
from codetune_git.errors import CodetuneError, ExtraMissing, UsageError
from codetune_git.requests import ServerRequest

_INSTRUCTIONS = (
    "How this repository writes code, counted in its files. Ask for the conventions before you write a file; check "
    "what you wrote before you end."
)


@dataclass(frozen=True, slots=True)
class _Tool:
    """`parameters`: by name what each means. `answer` takes the folder of the repository and the arguments."""

    description: str
    answer: Callable[[Path, Mapping[str, str]], str]
    parameters: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()


def _conventions(start: Path, given: Mapping[str, str]) -> str:
    from codetune_git.pipelines import reference

    return reference.conventions(start, given.get("path", ""))


def _precedents(start: Path, given: Mapping[str, str]) -> str:
    from codetune_git.pipelines import reference

    return reference.precedents(start, given["kind"])


def _check(start: Path, given: Mapping[str, str]) -> str:
    from codetune_git.pipelines import reference

    return reference.checked(start, **given)


_TOOLS: Mapping[str, _Tool] = {
    "conventions": _Tool(
        "How code is written at a path of this repository: a line a convention, with counts and a place that shows it.",
        _conventions,
        {"path": "A file, which need not exist yet, or a folder; without it the whole repository."},
    ),
    "check": _Tool(
        "What is written otherwise than this repository does, in at most ten lines that say what to write instead. "
        "Looks at a text, at a unified diff, or without both at what changed in the work tree.",
        _check,
        {
            "path": "The file that the text is to be; without a text the file or folder to look at.",
            "text": "The whole text of that file.",
            "diff": "A unified diff that applies to the work tree.",
        },
    ),
    "precedents": _Tool(
        "Every way in which one convention is written in this repository, with counts and lines that show it.",
        _precedents,
        {"kind": "The name of a convention, as the tool `conventions` gives it, such as quotes."},
        ("kind",),
    ),
}


def _arguments(tool: _Tool, given: Mapping[str, Any]) -> dict[str, str]:
    """What was given, without what was given as null. Raises UsageError."""
    arguments = {name: value for name, value in given.items() if value is not None}
    if unknown := sorted(set(arguments) - set(tool.parameters)):
        raise UsageError(f"there is no parameter {unknown[0]!r}; there are: {', '.join(tool.parameters)}")
    for name in tool.required:
        if not arguments.get(name):
            raise UsageError(f"the parameter {name!r} is missing: {tool.parameters[name]}")
    for name, value in arguments.items():
        if not isinstance(value, str) or (name != "text" and "\0" in value):
            raise UsageError(f"the parameter {name!r} has to be a text")
    return arguments


def _answer(start: Path, name: str, given: Mapping[str, Any]) -> tuple[str, bool]:
    """Step 2: the answer, and whether it is an error."""
    try:
        if name not in _TOOLS:
            raise UsageError(f"there is no tool {name!r}; there are: {', '.join(_TOOLS)}")
        return _TOOLS[name].answer(start, _arguments(_TOOLS[name], given)), False
    except CodetuneError as error:
        return " ".join(str(error).split()), True


async def _serve(start: Path) -> None:
    import mcp_types as types
    from mcp.server.lowlevel import Server
    from mcp.server.stdio import stdio_server

    async def listed(context: Any, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=name,
                    description=tool.description,
                    input_schema={
                        "type": "object",
                        "properties": {
                            parameter: {"type": "string", "description": meaning}
                            for parameter, meaning in tool.parameters.items()
                        },
                        "required": list(tool.required),
                    },
                    annotations=types.ToolAnnotations(read_only_hint=True, open_world_hint=False),
                )
                for name, tool in _TOOLS.items()
            ]
        )

    async def called(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        answer, failed = await asyncio.to_thread(_answer, start, params.name, params.arguments or {})
        return types.CallToolResult(content=[types.TextContent(type="text", text=answer)], is_error=failed)

    server: Server[Any] = Server(
        "codetune", version=__version__, instructions=_INSTRUCTIONS, on_list_tools=listed, on_call_tool=called
    )
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def run(request: ServerRequest) -> int:
    """Serve until standard input ends. Raises ExtraMissing."""
    try:
        import mcp_types  # noqa: F401  # which comes with the SDK from 2.0 on
    except ImportError:
        raise ExtraMissing.of("mcp", "a server for coding agents needs the SDK of the protocol") from None
    asyncio.run(_serve(request.start))
    return 0
