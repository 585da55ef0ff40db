"""The only place that knows boto3: SWF as a few methods."""
