"""The one helper of the portable tests."""


def raises(kind, function, *args):
    """Call `function(*args)`; return the `kind` of error that it must raise."""
    try:
        result = function(*args)
    except kind as error:
        return error
    raise AssertionError("%s was not raised, got %r" % (kind.__name__, result))
