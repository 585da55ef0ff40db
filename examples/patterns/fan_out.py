"""Many photos, ten at a time, each of several steps; one that can't be published does not stop the others."""

from typing import Any

import pyflow


@pyflow.activity(version="1")
def shrink(photo: str) -> str:
    """Make a small one."""
    if photo.endswith(".txt"):
        raise pyflow.ApplicationError(f"{photo} is no photo", type="NotAPhoto", non_retryable=True)
    return f"small {photo}"


@pyflow.activity(version="1")
def upload(photo: str) -> str:
    """Show it to the world."""
    return f"https://photos.example/{photo.replace(' ', '-')}"


class Album(pyflow.Workflow):
    """Input: names of photos. Result: for each its address, or why it has none."""

    NAME = "Album"
    shrink = shrink
    upload = upload

    def run(self, photos: list[str]) -> list[Any]:
        """Publish them, ten at a time; for more than a few thousand say `batch=500` too."""
        return self.swf.map(self.publish, photos, width=10)

    def publish(self, photo: str) -> Any:
        """What happens to one photo: a function that waits like any other."""
        try:
            return self.upload(self.shrink(photo).result()).result()
        except pyflow.InvocationFailedException as error:
            return {"failed": error.type}
