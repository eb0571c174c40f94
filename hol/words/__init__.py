"""What hol says, in both languages: sentences, errors, the commands that it prints, and what may be shown.

To add a sentence, write it in English where it is said, `t("role {}", name)`, the template as a literal, and run

    python -m scripts.catalogue update      # new sentences into locale/ko/LC_MESSAGES/hol.po, old ones out
    python -m scripts.catalogue compile     # after translating them there, with an editor or any tool for .po files
    python -m scripts.catalogue check       # missing, stale, fuzzy, other fields than the English, not compiled

A sentence like an older one comes with that one's Korean, marked fuzzy: correct it and take the mark off. Fields are
`{}`; where Korean wants another order, `{1} {0}`. A particle after a field is written `을(를)` (see particles.py).
What is waited for or changed is a noun phrase, since it is put into sentences such as "기다리는 중: {}". The `.mo` is
committed with the `.po`. When the pin of click is raised, `update` brings click's new sentences into click.po; those
of older versions stay, for whoever has them.
"""
