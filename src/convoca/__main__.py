"""`python -m convoca` is the command `convoca`."""

import sys

from convoca.cli.main import main

sys.exit(main())
