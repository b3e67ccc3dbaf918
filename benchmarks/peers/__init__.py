"""One file a peer; each reads a job, does all the work from CSV to pairs, and prints one JSON line.

    python -m benchmarks.peers.splink_5 JOB.json

`benchmarks/job.py` says what a job is. A peer runs in a process of its own, so that its peak
memory is its own, and sees neither the truth nor anything that gives it away.
"""
