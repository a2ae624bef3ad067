"""The shape of a policy; `lent.pyi` beside this file tells mypy."""

Policy = object
