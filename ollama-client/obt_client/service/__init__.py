"""The client as a service of its machine: systemd, launchd, Windows' task scheduler, or a plain background process.

`plan.py` says what and where (pure), each platform's file makes its text (pure) and does what little is to be done;
`install.py` and `remove.py` are the order of the steps.
"""
