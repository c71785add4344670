"""What every floor stands on: errors, sentences for people, the clock, locks, and where the shipped tables lie."""
