"""Results: samples as they come, folded into one row when the job ends."""
