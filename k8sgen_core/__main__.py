"""``python -m k8sgen_core`` is ``k8sgen``."""

import sys

from k8sgen_core.cli import main

sys.exit(main())
