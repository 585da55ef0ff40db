"""One value, passed from function to function, each of which signs it."""

import pyflow


class Relay(pyflow.Workflow):
    """Has the functions called `runtimes` sign one after the other; whatever language each is in."""

    NAME = "Relay"
    VERSION = "1"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 600, "defaultTaskStartToCloseTimeout": 60}

    def run(self, runtimes):
        signed = []
        for runtime in runtimes:
            signed = self.swf.invoke_lambda(runtime, {"do": "sign", "signed": signed}, timeout=60).result()
        return signed
