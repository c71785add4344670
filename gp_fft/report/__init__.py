"""What people look at: pictures and tables of programs and runs."""
