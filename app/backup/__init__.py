"""One file that holds the whole product's data, made while it runs, and the way back from it."""
