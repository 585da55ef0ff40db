"""What tests of workflows and workers use."""
