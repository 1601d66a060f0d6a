"""What the server tells of itself to Prometheus: requests, loops, pools, the process, and the fleet as it is stored."""
