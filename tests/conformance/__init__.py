"""How far the local AWS answers as AWS did: recorded cases replayed, compared, counted (`python -m tests.conformance DIR`)."""
