"""A text, transformed word by word: each word by a workflow of its own, all of them side by side."""

import pyflow


class WordTransformer(pyflow.Workflow):
    """One word, backwards and in capitals: two Lambda functions, one after the other."""

    NAME = "WordTransformer"
    VERSION = "1.0"

    reverse = pyflow.LambdaDescriptor("reverse", timeout=30)
    upcase = pyflow.LambdaDescriptor("upcase", timeout=30)

    def run(self, word: str) -> str:
        """Wait for the first function's answer, and give it to the second."""
        backwards = self.reverse(word).result()
        capitals: str = self.upcase(backwards).result()
        return capitals


class StringTransformer(pyflow.Workflow):
    """A text, every word of it transformed by a child workflow, and put together again."""

    NAME = "StringTransformer"
    VERSION = "1.0"

    transform = pyflow.ChildWorkflowDescriptor("WordTransformer", "1.0")
    concatenate = pyflow.LambdaDescriptor("concatenate", timeout=30)

    def run(self, text: str) -> str:
        """Start a child for each word, wait for them all, concatenate what they made."""
        if not isinstance(text, str) or not text.strip():
            raise pyflow.WorkflowFailedException("NO_WORDS", f"a text with words is needed, not {text!r}")
        words = [self.transform(word) for word in text.split()]  # all of them run from here on
        self.swf.wait_for_all(words)
        whole: str = self.concatenate(parts=[word.result() for word in words], separator=" ").result()
        return whole
