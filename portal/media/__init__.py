"""Files that people send: told by their content, opened in a process of their own, and written anew."""
