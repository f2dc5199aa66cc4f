import gc
import sys

import pytest

from k8sgen_core.plugins import importing


@pytest.fixture(autouse=True, scope="module")
def own_plugins():
    """Let no module know the plugins of others: a class is gone when garbage is collected."""
    gc.collect()


@pytest.fixture(autouse=True)
def own_modules():
    """Let each test import the plugins of its own project."""
    importing.install()
    yield
    for name in list(sys.modules):
        if name.partition(".")[0] in importing.FOLDERS or name.startswith(importing.PUBLIC):
            del sys.modules[name]
