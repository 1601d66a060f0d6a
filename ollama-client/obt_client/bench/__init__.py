"""Measuring: is it quiet, who sends when, one request stamped, one job from end to end."""
