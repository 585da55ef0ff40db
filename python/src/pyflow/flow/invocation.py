"""`self.swf`: what workflow code asks of SWF, and what it knows of its own execution."""

from __future__ import annotations

from pyflow.flow.about import About
from pyflow.flow.news import News
from pyflow.flow.renewal import Renewal
from pyflow.flow.versions import Versions


class WorkflowInvocationHelper(News, Versions, Renewal, About):
    """What a workflow's code asks of SWF, and what it knows of its own execution: `self.swf`.

    Each part has a file of its own in this folder.
    """
