"""What pages tell that no single row tells: reads over several tables and files, as frozen values."""
