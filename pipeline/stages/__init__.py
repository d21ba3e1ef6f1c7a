"""Gather, decide, apply: each stage is one function, called by the command line, the DAGs and the tests alike.

`run(services, limit=…, now=…)` takes on what waits, does it, and saves result and next stage in one transaction.
A stage can be killed at any instruction and run again by anyone.
"""

from pipeline.stages.chain import STAGES, run, run_all
from pipeline.stages.report import StageReport
from pipeline.stages.services import Services

__all__ = ["STAGES", "Services", "StageReport", "run", "run_all"]
