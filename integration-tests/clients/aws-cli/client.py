"""The AWS CLI as a program: JSON lines in, `{"operation", "request"}`, and out, `{"answer"}` or `{"fault", "message"}`.

Its argument is the endpoint. Runs by the CLI's own Python; each request is a command line of the CLI, but the second
that `aws` takes to start is spent once.
"""

import io
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout

from awscli.clidriver import create_clidriver
from botocore import xform_name

REFUSED = re.compile(r"An error occurred \((\w+)\) when calling the \w+ operation: (.*)", re.DOTALL)


def main(endpoint):
    aws = create_clidriver()
    for line in sys.stdin:
        asked = json.loads(line)
        command = ["swf", xform_name(asked["operation"], "-"), "--endpoint-url", endpoint, "--output", "json"]
        said, complained = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(complained):
            status = aws.main([*command, "--no-paginate", "--cli-input-json", json.dumps(asked["request"])])
        if status == 0:
            reply = {"answer": json.loads(said.getvalue() or "{}")}
        else:
            fault, message = REFUSED.search(complained.getvalue()).groups()
            reply = {"fault": fault, "message": message.strip()}
        print(json.dumps(reply), flush=True)


main(sys.argv[1])
