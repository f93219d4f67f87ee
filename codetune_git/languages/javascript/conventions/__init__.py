"""The conventions of JavaScript and TypeScript beyond layout, a family a module."""
