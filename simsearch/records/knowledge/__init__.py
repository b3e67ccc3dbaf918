"""What is known of tables before one is seen: header words, names, legal forms, places."""
