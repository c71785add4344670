"""The record programs that ship with the project, one JSON file each."""
