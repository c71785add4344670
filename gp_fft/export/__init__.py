"""Programs as code in other languages: from the program to ordered statements, from them to text, one file a target."""
