"""Where items come from: tables of records in files, databases and memory."""
