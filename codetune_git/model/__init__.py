"""The language model: base models, training, compiling, scoring. The only room that imports the engines.

Knows tensors and tokens. Does not know git or conventions.
"""

import os

# OpenMP's threads otherwise spin while they wait: with a second busy process on two cores that made training six times
# slower than one thread alone. It is read when the library is loaded, so it stands here, before any engine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
