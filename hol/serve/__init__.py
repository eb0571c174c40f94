"""One small web server for one person on this machine: the live guide and the practice console are its pages.

It listens on 127.0.0.1 and lets in who has the one-time address of the terminal. It knows no step by number or name: what it
shows are the steps' own texts, their looks (`grade`), and their screens (`console/noun.yaml` beside the step), which are data.
"""
