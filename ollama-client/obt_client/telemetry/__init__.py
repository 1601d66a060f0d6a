"""What the machine does while a job is measured: one file a source, read at most four times a second, one series a job.

`sampler.Telemeter` is what a job holds. Nothing is opened outside of `Telemeter.running()`: an idle client wakes no
GPU. docs/hardware.md has every track with its sources.
"""
