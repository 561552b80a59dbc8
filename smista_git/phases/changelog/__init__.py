"""A changelog out of history, and into a file that people keep by hand: pure, from commits to lines."""
