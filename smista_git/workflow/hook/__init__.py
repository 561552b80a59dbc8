"""What git's hooks do, one file a task, and how they come into a repository."""
