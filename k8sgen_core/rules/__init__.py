"""What is judged beyond what Kubernetes demands: validators, and the policy of a project."""
