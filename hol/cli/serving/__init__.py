"""The verbs whose answer is a page: they put the small web server together and say where it is."""
