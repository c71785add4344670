"""The transforms that ship, one file for each or for a few that are closely akin; other packages add more."""
